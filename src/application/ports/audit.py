"""The port to the audit events."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from domain.audit import AuditEvent


class AuditRepository(Protocol):
    """Keeps audit events; it changes and removes none."""

    async def record(self, event: AuditEvent) -> None:
        """Store an event, to outlive a crash. Raises `Unavailable`."""
        ...

    def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first.

        They are read as they are asked for, however many there are. Raises `Unavailable`.
        """
        ...
