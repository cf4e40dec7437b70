"""A database: reads, and transactions that are done whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Pool,
    QueuePool,
    Select,
    Table,
    event,
    func,
    insert,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.sql.appending import Appending, CopyAppending, InsertAppending
from adapters.sql.bulk_parameters import (
    ArrayBatch,
    BatchColumn,
    CopyStaging,
    JsonBatch,
    JsonStaging,
    Staging,
    parameter,
)
from adapters.sql.errors import DATABASE_ERRORS, DatabaseError, RolledBack, as_port_error
from adapters.sql.prepared import (
    Change,
    DriverStatement,
    EngineStatements,
    Execute,
    Parameters,
    Prepared,
    Rows,
    Statement,
    driver_transaction,
    engine_transaction,
)

T = TypeVar("T")
C = TypeVar("C")
Reading: TypeAlias = Callable[[Parameters], Awaitable[Rows]]
Writing: TypeAlias = Callable[[Parameters], Awaitable[object]]

Watch: TypeAlias = Callable[[int], Callable[[int], None]]
"""Gets the limit of connections, and returns what gets the number in use after each change."""

WAIT_SECONDS = "wait_seconds"
"""An execution option: how long a transaction on SQLite waits for those of other processes."""

_ATTEMPTS = 3
"""How often a transaction is tried that the database rolled back."""


class Database:
    """One database: an engine for single statements, and one for transactions.

    All methods that await raise StorageUnavailable. A write runs to its end even if the caller is
    cancelled: a statement that is cut off would leave SQLite's driver with the write lock
    (https://github.com/omnilib/aiosqlite/issues/259).
    """

    def __init__(
        self,
        alone: AsyncEngine,
        transactions: AsyncEngine,
        connections: int,
        row_seconds: float | None = None,
        role: str | None = None,
    ) -> None:
        """Connect when an engine is first used, by at most this many connections.

        `row_seconds` is how long `claiming` waits for another transaction, and `role` who asks.
        """
        self._alone = alone
        self._transactions = transactions
        self._connections = connections
        self._row_seconds = row_seconds
        self._role = role
        self.is_sqlite = transactions.dialect.name == "sqlite"
        self._under_way: set[asyncio.Task[Any]] = set()

    def watch_connections(self, watch: Watch) -> None:
        """Report the number of connections in use, from now on."""
        pools = {engine.sync_engine.pool for engine in (self._alone, self._transactions)}
        report = watch(self._connections)

        def count(returning: int = 0) -> None:
            report(sum(map(_in_use, pools)) - returning)

        for pool in pools:
            event.listen(pool, "checkout", lambda *_connection: count())
            event.listen(pool, "checkin", lambda *_connection: count(returning=1))

    def batch(self, *columns: BatchColumn) -> ArrayBatch | JsonBatch:
        """Give a batch of rows in the form that this database reads fastest."""
        return JsonBatch(*columns) if self.is_sqlite else ArrayBatch(*columns)

    def staging(self, name: str, *columns: BatchColumn) -> Staging:
        """Give a staging for more rows than a batch should have."""
        return JsonStaging(*columns) if self.is_sqlite else CopyStaging(name, *columns)

    def appending(self, table: Table, *names: str) -> Appending:
        """Give what appends many rows to a table, with these columns."""
        return InsertAppending(table, *names) if self.is_sqlite else CopyAppending(table, *names)

    def looked_up(
        self, rows: FromClause, found: Select[Any], *conditions: ColumnElement[bool]
    ) -> Select[Any]:
        """Select what `found` has for each of `rows` under these conditions, at most once, and `position`.

        For thousands of rows PostgreSQL's planner would rather read a whole table than look up each.
        """
        if self.is_sqlite:
            return found.add_columns(rows.c.position).where(*conditions)
        match = found.where(*conditions).limit(1).lateral("found")
        return select(*match.c, rows.c.position).select_from(rows.join(match, true()))

    def upsert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Give an insert with a clause for conflicts."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def claiming(self, table: Table) -> Insert:
        """Give an insert of a row whose key another transaction may be about to store.

        On PostgreSQL, it waits for that transaction, and raises RowAwaited if it does not end in time. On
        SQLite, all transactions wait for each other.
        """
        if self._row_seconds is None:
            return insert(table).values({column: parameter(column) for column in table.c})
        # no setting of the session, which PgBouncer may share: it ends with the statement
        lock_timeout = func.set_config("lock_timeout", f"{self._row_seconds * 1000:.0f}ms", true())
        limited = select(lock_timeout.label("limit")).cte("limited")
        # the row comes from the CTE, so that the limit is set before the row is stored
        return insert(table).from_select(
            [*table.c], select(*map(parameter, table.c)).select_from(limited), include_defaults=False
        )

    def reading(self, statement: Select[Any]) -> Reading:
        """Prepare a statement that many calls read by; its rows have the driver's own types."""
        prepared = self.prepare(statement)
        return lambda parameters: _repeated(lambda: self._fetch(prepared, parameters, commit_sent=False))

    def writing(self, *inserts: Insert) -> Writing:
        """Prepare inserts that many calls write by: all of them or none, the first one first."""
        prepared = self.prepare(*inserts)
        if self.is_sqlite:
            # also a single one: the writers of a process queue in order
            return lambda parameters: self.transact(lambda execute: execute(prepared, parameters))
        return lambda parameters: self._finished(
            _repeated(lambda: self._fetch(prepared, parameters, commit_sent=True))
        )

    def prepare(self, first: Statement, *others: Change) -> Prepared:
        """Prepare statements that many calls execute together, in any order but for the first one."""
        if self.is_sqlite:
            return EngineStatements(self._alone, first, *others)
        return DriverStatement(self._alone, _together(first, *others))

    async def transact(self, work: Callable[[Execute], Awaitable[T]]) -> T:
        """Do `work` by prepared statements in one transaction: an exception rolls all of it back."""
        return await self._finished(_repeated(lambda: self._transact(self._begin_prepared(), work)))

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Read, each statement by itself."""
        return await _repeated(lambda: self._read(work))

    async def write(
        self, work: Callable[[AsyncConnection], Awaitable[T]], wait_seconds: int | None = None
    ) -> T:
        """Do `work` in one transaction: an exception rolls all of it back.

        `wait_seconds` is how long it waits for SQLite's lock, if not as long as usual.
        """
        engine = self._transactions
        if wait_seconds is not None:
            engine = engine.execution_options(**{WAIT_SECONDS: wait_seconds})
        return await self._finished(_repeated(lambda: self._transact(engine.begin(), work)))

    async def close(self) -> None:
        """Finish the writes in progress and close all connections."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._alone.dispose()
        await self._transactions.dispose()

    def _begin_prepared(self) -> AbstractAsyncContextManager[Execute]:
        return engine_transaction(self._transactions) if self.is_sqlite else driver_transaction(self._alone)

    async def _read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            async with self._alone.connect() as connection:
                return await work(connection)
        except DATABASE_ERRORS as error:
            raise self._as_port_error(error, commit_sent=False) from None

    async def _fetch(self, prepared: Prepared, parameters: Parameters, *, commit_sent: bool) -> Rows:
        try:
            return await prepared.fetch(parameters)
        except DATABASE_ERRORS as error:
            raise self._as_port_error(error, commit_sent=commit_sent) from None

    def _as_port_error(self, error: DatabaseError, *, commit_sent: bool) -> Exception:
        return as_port_error(error, commit_sent=commit_sent, role=self._role)

    async def _transact(
        self, transaction: AbstractAsyncContextManager[C], work: Callable[[C], Awaitable[T]]
    ) -> T:
        commit_sent = False
        try:
            async with transaction as connection:
                result = await work(connection)
                commit_sent = True
        except DATABASE_ERRORS as error:
            raise self._as_port_error(error, commit_sent=commit_sent) from None
        return result

    async def _finished(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._settle)
        return await asyncio.shield(task)

    def _settle(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # nothing awaits the exception if the caller was cancelled
            task.exception()


def _in_use(pool: Pool) -> int:
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


async def _repeated(attempt: Callable[[], Awaitable[T]]) -> T:
    for _attempt in range(_ATTEMPTS - 1):
        try:
            return await attempt()
        except RolledBack:
            continue
    return await attempt()


def _together(first: Statement, *others: Change) -> Statement:
    """Put statements into a single one, to save round trips."""
    # PostgreSQL executes a CTE that nothing reads from after the statement around it
    return first.add_cte(*(each.cte(f"also_{number}") for number, each in enumerate(others)))
