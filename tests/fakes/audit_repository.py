"""A repository of audit events in memory."""

from application.ports.audit import AuditRepository
from domain.audit import AuditEvent


class InMemoryAuditRepository(AuditRepository):
    """Stores the events in a list that a test may read."""

    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    async def record(self, event: AuditEvent) -> None:
        self.events.append(event)
