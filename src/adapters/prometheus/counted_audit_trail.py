"""The record of calls, counted."""

from adapters.prometheus.call_metrics import CallMetrics
from application.ports.audit_trail import AuditTrail
from domain.audit_event import AuditEvent


class CountedAuditTrail(AuditTrail):
    """Counts what another trail has on record."""

    def __init__(self, trail: AuditTrail, calls: CallMetrics) -> None:
        """Take the trail, and what counts."""
        self._trail = trail
        self._calls = calls

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record, and count it then."""
        await self._trail.record(event)
        self._calls.count(event)
