"""Use case: hand over the record of calls in a period."""

from collections.abc import AsyncIterator
from datetime import datetime

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.audit import AuditEvents
from application.ports.system import Clock
from domain.audit import AuditEvent


class PeriodEmpty(Struct, frozen=True):
    """The period ends before it begins."""


class ExportAuditEvents:
    """Hand over the audit events of a period, oldest first, one at a time."""

    def __init__(self, events: AuditEvents, clock: Clock) -> None:
        """Take the ports that the use case is made of."""
        self._events = events
        self._clock = clock

    def __call__(
        self, since: datetime, until: datetime | None
    ) -> Result[AsyncIterator[AuditEvent], PeriodEmpty]:
        """Return the events from `since` on and before `until`, or now if None. They raise `Unavailable`."""
        end = self._clock.instant() if until is None else until
        if end < since:
            return Failure(PeriodEmpty())
        return Success(self._events.between(since, end))
