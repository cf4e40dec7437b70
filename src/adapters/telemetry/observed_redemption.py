"""Redemption, observed: traced, timed, and counted once it has stored something."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeAlias, TypeVar

from adapters.telemetry.observed_ports import AroundPart, OnStored
from application.ports.redemption import Decide, Decision, Redeemed, RedemptionRepository
from domain.redemption import InvitationToRedeem

T = TypeVar("T")

OnRedeemed: TypeAlias = Callable[[timedelta], None]
"""Gets the time from the issue of an invitation to its redemption."""


class ObservedRedemptionRepository(RedemptionRepository):
    """Observes the redemption of invitations."""

    def __init__(
        self,
        invitations: RedemptionRepository,
        around: AroundPart,
        on_stored: OnStored,
        on_redeemed: OnRedeemed,
    ) -> None:
        """Observe `invitations`."""
        self._invitations = invitations
        self._around = around
        self._on_stored = on_stored
        self._on_redeemed = on_redeemed

    async def by_code(self, code_digests: Sequence[bytes], since: datetime, decide: Decide[T]) -> T:
        """Find the invitation of a code."""
        watched = _Watched(decide)
        with self._around("redeem"):
            answer = await self._invitations.by_code(code_digests, since, watched.decide)
        self._count(watched)
        return answer

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        """Find the invitation of a claim."""
        watched = _Watched(decide)
        with self._around("redeem"):
            answer = await self._invitations.by_claim(claim_digests, watched.decide)
        self._count(watched)
        return answer

    def _count(self, watched: "_Watched[T]") -> None:
        if watched.decision.event is not None:
            self._on_stored(watched.decision.event)
        if isinstance(watched.decision.change, Redeemed) and watched.found is not None:
            self._on_redeemed(watched.decision.change.at - watched.found.life.issued_at)


class _Watched(Generic[T]):
    """Notes the decision that was stored: the last one, if the database asked several times."""

    def __init__(self, decide: Decide[T]) -> None:
        self._decide = decide
        self.decision = Decision()
        self.found: InvitationToRedeem | None = None

    def decide(self, found: InvitationToRedeem | None) -> tuple[Decision, T]:
        self.decision, answer = self._decide(found)
        self.found = found
        return self.decision, answer
