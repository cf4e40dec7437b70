"""Use case: export the audit events of a period."""

from collections.abc import AsyncIterator
from datetime import datetime

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.audit import AuditRepository
from application.ports.system import Clock
from domain.audit import AuditEvent


class PeriodEmpty(Struct, frozen=True):
    """The period ends before it begins."""


class ExportAuditEvents:
    """Export the audit events of a period, oldest first, one at a time."""

    def __init__(self, audit: AuditRepository, clock: Clock) -> None:
        """Read the events from `audit`."""
        self._audit = audit
        self._clock = clock

    def __call__(
        self, since: datetime, until: datetime | None
    ) -> Result[AsyncIterator[AuditEvent], PeriodEmpty]:
        """Return the events from `since` on and before `until`, or now if None. They raise `Unavailable`."""
        end = self._clock.instant() if until is None else until
        if end < since:
            return Failure(PeriodEmpty())
        return Success(self._audit.between(since, end))
