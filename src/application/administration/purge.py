"""Use case: delete expired invitations, old idempotency records and old failed claims."""

from collections.abc import Callable

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.invitations import ExpiredInvitations, IdempotencyRepository, OldInvitations
from application.ports.redemption import FailedClaims
from application.ports.system import Clock
from domain.redemption import FAILURES_COUNT_FOR

CHUNK_INVITATIONS = 10_000


class NotYetExpired(Struct, frozen=True):
    """A moment is in the future, so invitations that are still valid would be deleted."""


class PurgeInvitations:
    """Delete the invitations that expired unused before a moment in the past, in bounded chunks.

    - Redeemed invitations are kept, or deleted if they were redeemed before another moment.
    - Their counts are kept for statistics.
    - Idempotency records and failed claims that no longer count are deleted too.
    - The audit events stay: they show who was given an invitation.
    """

    def __init__(
        self,
        invitations: ExpiredInvitations,
        requests: IdempotencyRepository,
        failed_claims: FailedClaims,
        clock: Clock,
    ) -> None:
        """Delete from all three."""
        self._invitations = invitations
        self._requests = requests
        self._failed_claims = failed_claims
        self._clock = clock

    async def __call__(
        self, old: OldInvitations, on_chunk: Callable[[int], None]
    ) -> Result[int, NotYetExpired]:
        """Return how many were deleted; `on_chunk` gets the number of each chunk. Raises `Unavailable`."""
        now = self._clock.instant()
        if now < max(old.expired_before, old.redeemed_before or old.expired_before):
            return Failure(NotYetExpired())
        await self._requests.forget(now)
        await self._failed_claims.forget(before=now - FAILURES_COUNT_FOR)
        total = 0
        async for removed in self._invitations.remove(old, CHUNK_INVITATIONS):
            total += removed
            on_chunk(removed)
        return Success(total)
