"""Many new rows of a table at once, in the form that each database takes fastest."""

from collections.abc import Sequence
from typing import Any, Protocol

from asyncpg import UniqueViolationError
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.errors import is_unique_violation

_BEGIN = select(1)


class AlreadyStoredError(Exception):
    """Another transaction has stored one of the keys; this one has to be rolled back."""


class Appending(Protocol):
    """Appends rows to a table. No row may have a key that the transaction itself has stored."""

    async def append(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, the columns in their order. Raises AlreadyStoredError."""
        ...


class InsertAppending(Appending):
    """Rows as the parameters of an INSERT, for SQLite."""

    def __init__(self, table: Table, *names: str) -> None:
        """Append to these columns of the table."""
        self._table = table
        self._insert = table.insert()
        self._names = names

    async def append(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows. Raises AlreadyStoredError."""
        try:
            await connection.execute(self._insert, [dict(zip(self._names, row, strict=True)) for row in rows])
        except IntegrityError as error:
            if is_unique_violation(error, self._table):
                raise AlreadyStoredError from None
            raise


class CopyAppending(Appending):
    """Rows copied into a table of PostgreSQL.

    COPY writes a third of the log that an INSERT with ON CONFLICT writes, row by row, and takes a third
    of the time.
    """

    def __init__(self, table: Table, *names: str) -> None:
        """Append to these columns of the table."""
        self._name = table.name
        self._names = names

    async def append(self, connection: AsyncConnection, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows. Raises AlreadyStoredError."""
        # SQLAlchemy begins its transaction with the first statement of its own
        await connection.execute(_BEGIN)
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            raise RuntimeError("there is no driver below the connection")
        try:
            await driver.copy_records_to_table(self._name, records=rows, columns=self._names)
        except UniqueViolationError:
            raise AlreadyStoredError from None
