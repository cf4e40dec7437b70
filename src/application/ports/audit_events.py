"""The port to calls that are on record."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from domain.audit_event import AuditEvent


class AuditEvents(Protocol):
    """Reads the record of calls."""

    def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first.

        They are read as they are asked for, however many there are. Raises `Unavailable`.
        """
        ...
