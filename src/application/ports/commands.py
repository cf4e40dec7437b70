"""The port to the events of administrative commands."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from domain.administration import CommandEvent


class CommandEventRepository(Protocol):
    """Keeps the events of administrative commands; it changes and removes none."""

    async def record(self, event: CommandEvent) -> None:
        """Store an event, to outlive a crash. Raises `Unavailable`."""
        ...

    def between(self, since: datetime, until: datetime) -> AsyncIterator[CommandEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first. Raises `Unavailable`."""
        ...
