"""Calls on record, read a page at a time."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from adapters.sql.audit_event_row import audit_event_of
from adapters.sql.column_types import UtcDateTime
from adapters.sql.database import Database
from adapters.sql.tables import audit_event
from application.ports.audit_events import AuditEvents
from domain.audit_event import AuditEvent

_ROWS_IN_A_PAGE = 500

# each page goes on behind the last row of the one before, so that no page is read over again
_PAGE = (
    select(audit_event)
    .where(
        or_(
            audit_event.c.recorded_at > bindparam("since", type_=UtcDateTime),
            and_(
                audit_event.c.recorded_at == bindparam("since", type_=UtcDateTime),
                audit_event.c.id > bindparam("after"),
            ),
        ),
        audit_event.c.recorded_at < bindparam("until", type_=UtcDateTime),
    )
    .order_by(audit_event.c.recorded_at, audit_event.c.id)
    .limit(_ROWS_IN_A_PAGE)
)


class SqlAuditEvents(AuditEvents):
    """Reads in the order of time, and of arrival where that is the same."""

    def __init__(self, database: Database) -> None:
        """Take the database to read from."""
        self._database = database

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first."""
        after = 0
        while rows := await self._page({"since": since, "after": after, "until": until}):
            for row in rows:
                yield audit_event_of(row)
            since, after = rows[-1].recorded_at, rows[-1].id

    async def _page(self, bounds: Mapping[str, Any]) -> Sequence[Row[Any]]:
        result = await self._database.read(lambda connection: connection.execute(_PAGE, bounds))
        return result.all()
