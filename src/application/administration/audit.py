"""Use case: export the audit events of a period."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.audit import AuditRepository
from application.ports.commands import CommandEventRepository
from application.ports.system import Clock
from domain.administration import CommandEvent
from domain.audit import AuditEvent

RecordedEvent: TypeAlias = AuditEvent | CommandEvent


class PeriodEmpty(Struct, frozen=True):
    """The period ends before it begins."""


class ExportAuditEvents:
    """Export the audit events of a period, those of calls and of commands, oldest first, one at a time."""

    def __init__(self, audit: AuditRepository, commands: CommandEventRepository, clock: Clock) -> None:
        """Read the events from `audit` and `commands`."""
        self._audit = audit
        self._commands = commands
        self._clock = clock

    def __call__(
        self, since: datetime, until: datetime | None
    ) -> Result[AsyncIterator[RecordedEvent], PeriodEmpty]:
        """Return the events from `since` on and before `until`, or now if None. They raise `Unavailable`."""
        end = self._clock.instant() if until is None else until
        if end < since:
            return Failure(PeriodEmpty())
        return Success(_in_order(self._audit.between(since, end), self._commands.between(since, end)))


async def _in_order(
    calls: AsyncIterator[AuditEvent], commands: AsyncIterator[CommandEvent]
) -> AsyncIterator[RecordedEvent]:
    """Give the events of both, oldest first, without reading either ahead."""
    command = await anext(commands, None)
    async for call in calls:
        while command is not None and command.recorded_at < call.recorded_at:
            yield command
            command = await anext(commands, None)
        yield call
    while command is not None:
        yield command
        command = await anext(commands, None)
