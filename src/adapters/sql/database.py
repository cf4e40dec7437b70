"""The connection to a database: reads, and units of work that are done whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.sql.batch import ArrayBatch, BatchColumn, JsonBatch
from adapters.sql.outages import outages_as_unavailable

T = TypeVar("T")


class Database:
    """One database, by an engine that reads and one that writes."""

    def __init__(self, reads: AsyncEngine, writes: AsyncEngine) -> None:
        """Connect to nothing yet: the engines do, when they are first used."""
        self._reads = reads
        self._writes = writes
        self._is_sqlite = writes.dialect.name == "sqlite"
        self._units_of_work: set[asyncio.Task[object]] = set()

    def batch(self, *columns: BatchColumn) -> ArrayBatch | JsonBatch:
        """Give a batch of rows in the form that this database takes it."""
        return JsonBatch(*columns) if self._is_sqlite else ArrayBatch(*columns)

    def upsert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Give an insert that can say what to do on a conflict."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection on which each statement stands alone. Raises StorageUnavailable."""
        with outages_as_unavailable():
            async with self._reads.connect() as connection:
                yield connection

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do `work` in one transaction: an exception in it undoes all of it. Raises StorageUnavailable.

        The work runs to its end even when the caller is cancelled: a statement cut off half way would
        leave SQLite's driver holding the write lock (https://github.com/omnilib/aiosqlite/issues/259).
        """
        unit_of_work = asyncio.ensure_future(self._transact(work))
        self._units_of_work.add(unit_of_work)
        unit_of_work.add_done_callback(self._settle)
        return await asyncio.shield(unit_of_work)

    async def close(self) -> None:
        """Finish the work under way and close all connections."""
        await asyncio.gather(*self._units_of_work, return_exceptions=True)
        await self._reads.dispose()
        await self._writes.dispose()

    async def _transact(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        with outages_as_unavailable():
            async with self._writes.begin() as connection:
                return await work(connection)

    def _settle(self, unit_of_work: asyncio.Task[object]) -> None:
        self._units_of_work.discard(unit_of_work)
        if not unit_of_work.cancelled():
            # a caller that has gone away leaves the exception to nobody
            unit_of_work.exception()
