"""A store of invitations to which others come at the same time."""

from collections.abc import Awaitable, Callable, Sequence

from returns.result import Failure, Result

from application.ports.invitations import InvitationStore, NotStored, RequestInWork
from domain.audit import AuditEvent
from domain.idempotency import RememberedRequest
from domain.invitations import Invitation


class InterruptedInvitationStore(InvitationStore):
    """Keeps what it is given in another store.

    For the next to come, a test can let something happen just before, or let the wait be in vain.
    """

    def __init__(self, store: InvitationStore) -> None:
        self._store = store
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.waits_in_vain = False

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: RememberedRequest | None = None,
    ) -> Result[None, NotStored]:
        meanwhile, self.meanwhile = self.meanwhile, None
        in_vain, self.waits_in_vain = self.waits_in_vain, False
        if meanwhile:
            await meanwhile()
        if in_vain:
            return Failure(RequestInWork())
        return await self._store.add(invitations, event, remembered)
