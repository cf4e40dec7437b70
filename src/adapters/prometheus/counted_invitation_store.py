"""Stored invitations, counted."""

from collections.abc import Sequence

from returns.result import Result, Success

from adapters.prometheus.call_metrics import CallMetrics
from application.ports.invitation_store import InvitationStore, NotStored
from domain.audit_event import AuditEvent
from domain.idempotency import RememberedRequest
from domain.invitation import Invitation


class CountedInvitationStore(InvitationStore):
    """Counts what another store has stored."""

    def __init__(self, store: InvitationStore, calls: CallMetrics) -> None:
        """Take the store, and what counts."""
        self._store = store
        self._calls = calls

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: RememberedRequest | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request, and count them then."""
        stored = await self._store.add(invitations, event, remembered)
        if isinstance(stored, Success):
            self._calls.count(event)
        return stored
