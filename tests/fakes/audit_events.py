"""A reader of audit events in memory."""

from collections.abc import AsyncIterator
from datetime import datetime

from application.ports.audit import AuditEvents
from domain.audit import AuditEvent
from tests.fakes.audit_repository import InMemoryAuditRepository


class InMemoryAuditEvents(AuditEvents):
    """Reads the list of an in-memory audit repository."""

    def __init__(self, trail: InMemoryAuditRepository) -> None:
        self._trail = trail

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        for event in sorted(self._trail.events, key=lambda event: event.recorded_at):
            if since <= event.recorded_at < until:
                yield event
