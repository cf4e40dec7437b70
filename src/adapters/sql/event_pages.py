"""Reads the events of a period, page by page."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, and_, bindparam, or_, select

from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime

_ROWS_IN_A_PAGE = 500


class EventPages:
    """The rows of a table with `id` and `recorded_at`, in the order of time, then of arrival."""

    def __init__(self, database: Database, table: Table) -> None:
        """Read the table of a database."""
        self._database = database
        since = bindparam("since", type_=UtcDateTime)
        # each page begins behind the last row of the one before, so that no row is read twice
        self._page = (
            select(table)
            .where(
                or_(
                    table.c.recorded_at > since,
                    and_(table.c.recorded_at == since, table.c.id > bindparam("after")),
                ),
                table.c.recorded_at < bindparam("until", type_=UtcDateTime),
            )
            .order_by(table.c.recorded_at, table.c.id)
            .limit(_ROWS_IN_A_PAGE)
        )

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[Row[Any]]:
        """Give the rows recorded from `since` on and before `until`, oldest first."""
        after = 0
        while rows := await self._rows({"since": since, "after": after, "until": until}):
            for row in rows:
                yield row
            since, after = rows[-1].recorded_at, rows[-1].id

    async def _rows(self, bounds: Mapping[str, Any]) -> Sequence[Row[Any]]:
        result = await self._database.read(lambda connection: connection.execute(self._page, bounds))
        return result.all()
