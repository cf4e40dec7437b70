"""Use case: delete expired invitations, old idempotency records and old failed claims."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.invitations import ExpiredInvitations, IdempotencyRepository
from application.ports.redemption import FailedClaims
from application.ports.system import Clock
from domain.redemption import FAILURES_COUNT_FOR

CHUNK_INVITATIONS = 10_000


class NotYetExpired(Struct, frozen=True):
    """The moment is in the future, so invitations that are still valid would be deleted."""


class PurgeInvitations:
    """Delete the invitations that expired before a moment in the past, in bounded chunks.

    - Idempotency records and failed claims that no longer count are deleted too.
    - The audit events stay: they show who was given an invitation.
    """

    def __init__(
        self,
        invitations: ExpiredInvitations,
        requests: IdempotencyRepository,
        failed_claims: FailedClaims,
        retention: timedelta,
        clock: Clock,
    ) -> None:
        """`retention` is how long a request can be sent again."""
        self._invitations = invitations
        self._requests = requests
        self._failed_claims = failed_claims
        self._retention = retention
        self._clock = clock

    async def __call__(
        self, expired_before: datetime, on_chunk: Callable[[int], None]
    ) -> Result[int, NotYetExpired]:
        """Return how many were deleted; `on_chunk` gets the number of each chunk. Raises `Unavailable`."""
        if expired_before > self._clock.instant():
            return Failure(NotYetExpired())
        await self._requests.forget(before=self._clock.instant() - self._retention)
        await self._failed_claims.forget(before=self._clock.instant() - FAILURES_COUNT_FOR)
        total = 0
        async for removed in self._invitations.remove(expired_before, CHUNK_INVITATIONS):
            total += removed
            on_chunk(removed)
        return Success(total)
