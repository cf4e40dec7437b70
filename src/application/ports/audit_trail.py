"""The port to the record of calls."""

from typing import Protocol

from domain.audit_event import AuditEvent


class AuditTrail(Protocol):
    """Keeps audit events; it changes and forgets none."""

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record, to outlive a crash. Raises `Unavailable`."""
        ...
