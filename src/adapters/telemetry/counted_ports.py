"""Ports whose calls are counted."""

from collections.abc import Sequence

from returns.result import Result, Success

from adapters.telemetry.metrics import CallMetrics
from application.ports.audit import AuditRepository
from application.ports.invitations import InvitationRepository, NotStored
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord
from domain.invitations import Invitation


class CountedAuditRepository(AuditRepository):
    """Counts what another trail has on record."""

    def __init__(self, trail: AuditRepository, calls: CallMetrics) -> None:
        """Take the trail, and what counts."""
        self._trail = trail
        self._calls = calls

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record, and count it then."""
        await self._trail.record(event)
        self._calls.count(event)


class CountedInvitationRepository(InvitationRepository):
    """Counts what another store has stored."""

    def __init__(self, store: InvitationRepository, calls: CallMetrics) -> None:
        """Take the store, and what counts."""
        self._store = store
        self._calls = calls

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request, and count them then."""
        stored = await self._store.add(invitations, event, remembered)
        if isinstance(stored, Success):
            self._calls.count(event)
        return stored
