"""The span of putting a call on record."""

from adapters.tracing.part_spans import PartSpans
from application.ports.audit_trail import AuditTrail
from domain.audit_event import AuditEvent


class TracedAuditTrail(AuditTrail):
    """Keeps events where another does."""

    def __init__(self, trail: AuditTrail, spans: PartSpans) -> None:
        """Record in `trail`."""
        self._trail = trail
        self._spans = spans

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record."""
        with self._spans.part("write"):
            await self._trail.record(event)
