"""Rows on their way into the tables, staged where set-based statements can select from them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Column, FromClause, MetaData, Table
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable

from adapters.sql.batch import BatchColumn, JsonBatch


class Staging(Protocol):
    """A place for rows that lasts as long as the transaction that fills it."""

    rows: FromClause
    """What statements select from."""

    async def fill(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
        """Stage rows; return the parameters that statements on them need."""
        ...


class JsonStaging(Staging):
    """Rows as one JSON text, which SQLite takes as a parameter."""

    def __init__(self, *columns: BatchColumn) -> None:
        """Take the columns of the rows."""
        self._batch = JsonBatch(*columns)
        self.rows = self._batch.rows

    async def fill(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:  # noqa: ARG002 - nothing is sent before the statements
        """Stage rows; return the parameters that statements on them need."""
        return self._batch.parameters(rows)


class CopyStaging(Staging):
    """Rows in a temporary table of PostgreSQL, by its fastest way in, COPY."""

    def __init__(self, name: str, *columns: BatchColumn) -> None:
        """Take a name that no other staging in the same transaction has, and the columns of the rows."""
        self._table = Table(
            name,
            MetaData(),
            *(Column(each.name, each.type) for each in columns),
            prefixes=["TEMPORARY"],
            postgresql_on_commit="DROP",
        )
        self._names = [each.name for each in columns]
        self.rows = self._table

    async def fill(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
        """Stage rows; statements on them need no parameters."""
        # made by SQLAlchemy, so that it has begun its transaction before the driver copies into it
        await connection.execute(CreateTable(self._table))
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            raise RuntimeError("there is no driver below the connection")
        await driver.copy_records_to_table(self._table.name, records=rows, columns=self._names)
        return {}
