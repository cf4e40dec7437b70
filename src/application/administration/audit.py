"""Use case: export the audit events of a period."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.audit import AuditRepository, CommandEventRepository
from application.ports.system import Clock
from domain.administration import CommandEvent
from domain.audit import AuditEvent

RecordedEvent: TypeAlias = AuditEvent | CommandEvent
SETTLED_AFTER = timedelta(minutes=1)
"""A call is stored or has failed by then: it may be held up between its moment and its commit."""


class PeriodEmpty(Struct, frozen=True):
    """The period ends before it begins."""


class PeriodUnsettled(Struct, frozen=True):
    """The period ends after `settled_until`: calls before its end may still be stored."""

    settled_until: datetime


PeriodRefused: TypeAlias = PeriodEmpty | PeriodUnsettled


class AuditExport(Struct, frozen=True):
    """The events of a period, and its end, at which the next period begins."""

    events: AsyncIterator[RecordedEvent]
    until: datetime


class ExportAuditEvents:
    """Export the audit events of a period, oldest first, one at a time.

    - They are those of calls and those of administrative commands.
    - No period ends later than a minute ago. So consecutive exports lose no call and repeat none.
    - A period whose end is not given ends a minute ago.
    """

    def __init__(self, audit: AuditRepository, commands: CommandEventRepository, clock: Clock) -> None:
        """Read the events from `audit` and `commands`."""
        self._audit = audit
        self._commands = commands
        self._clock = clock

    def __call__(self, since: datetime, until: datetime | None) -> Result[AuditExport, PeriodRefused]:
        """Return the events from `since` on and before `until`. They raise `Unavailable`."""
        settled_until = self._clock.instant() - SETTLED_AFTER
        end = settled_until if until is None else until
        if until is not None and until < since:
            return Failure(PeriodEmpty())
        if end > settled_until or since > end:
            return Failure(PeriodUnsettled(settled_until))
        events = _in_order(self._audit.between(since, end), self._commands.between(since, end))
        return Success(AuditExport(events, end))


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
