"""A record of calls in memory."""

from application.ports.audit import AuditRepository
from domain.audit import AuditEvent


class InMemoryAuditRepository(AuditRepository):
    """Keeps the events in a list, for a test to look at."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    async def record(self, event: AuditEvent) -> None:
        self.events.append(event)
