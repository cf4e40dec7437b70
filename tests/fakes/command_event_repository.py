"""Events of administrative commands in memory."""

from collections.abc import AsyncIterator
from datetime import datetime

from application.ports.audit import CommandEventRepository
from domain.administration import CommandEvent


class InMemoryCommandEventRepository(CommandEventRepository):
    """Stores the events in a list that a test may read."""

    def __init__(self) -> None:
        self.events: list[CommandEvent] = []

    async def record(self, event: CommandEvent) -> None:
        self.events.append(event)

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[CommandEvent]:
        for event in sorted(self.events, key=lambda event: event.recorded_at):
            if since <= event.recorded_at < until:
                yield event
