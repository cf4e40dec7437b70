"""A repository of invitations with concurrent requests."""

from collections.abc import Awaitable, Callable, Sequence

from returns.result import Failure, Result

from application.ports.invitations import InvitationRepository, NotStored, RequestInProgress
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord
from domain.invitations import Invitation


class InterruptedInvitationRepository(InvitationRepository):
    """Stores invitations in another repository.

    For the next to come, a test can let something happen just before, or let the wait be in vain.
    """

    def __init__(self, store: InvitationRepository) -> None:
        self._store = store
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.waits_in_vain = False

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        meanwhile, self.meanwhile = self.meanwhile, None
        in_vain, self.waits_in_vain = self.waits_in_vain, False
        if meanwhile:
            await meanwhile()
        if in_vain:
            return Failure(RequestInProgress())
        return await self._store.add(invitations, event, remembered)
