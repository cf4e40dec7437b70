"""Audit events in memory."""

from collections.abc import AsyncIterator
from datetime import datetime

from application.ports.audit import AuditRepository
from domain.audit import AuditEvent


class InMemoryAuditRepository(AuditRepository):
    """Stores the events in a list that a test may read."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    async def record(self, event: AuditEvent) -> None:
        self.events.append(event)

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        for event in sorted(self.events, key=lambda event: event.recorded_at):
            if since <= event.recorded_at < until:
                yield event


class InterruptedAuditRepository(InMemoryAuditRepository):
    """Raises once, before it stores anything."""

    def __init__(self, interruption: BaseException) -> None:
        super().__init__()
        self._interruptions = [interruption]

    async def record(self, event: AuditEvent) -> None:
        if self._interruptions:
            raise self._interruptions.pop()
        await super().record(event)
