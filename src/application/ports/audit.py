"""The ports to the audit events, and to the events of administrative commands."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from domain.administration import CommandEvent
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


class CommandEventRepository(Protocol):
    """Keeps the events of administrative commands; it changes and removes none."""

    async def record(self, event: CommandEvent) -> None:
        """Store an event, to outlive a crash. Raises `Unavailable`."""
        ...

    def between(self, since: datetime, until: datetime) -> AsyncIterator[CommandEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first. Raises `Unavailable`."""
        ...
