"""Prepared statements, which every call executes with other parameters."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol, TypeAlias

from asyncpg import (
    IntegrityConstraintViolationError,
    InterfaceError,
    InternalClientError,
    PostgresError,
)
from sqlalchemy import ARRAY, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import greenlet_spawn

Parameters: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Sequence[Any]]
Change: TypeAlias = Insert | Update | Delete
Statement: TypeAlias = Select[Any] | Change


class Prepared(Protocol):
    """Statements of one database that are executed together."""

    async def fetch(self, parameters: Parameters) -> Rows:
        """Execute them by themselves, and give the rows of the first, if any, in the driver's own types."""
        ...

    async def fetch_on(self, connection: Any, parameters: Parameters) -> Rows:  # noqa: ANN401 - the driver's, or SQLAlchemy's
        """Do so on a connection, in its transaction."""
        ...


Execute: TypeAlias = Callable[[Prepared, Parameters], Awaitable[Rows]]
"""Executes prepared statements in a transaction."""


class EngineStatements(Prepared):
    """Statements that SQLAlchemy's connection executes, one after the other."""

    def __init__(self, engine: AsyncEngine, first: Statement, *others: Statement) -> None:
        """Connect by the engine, unless there is a connection already."""
        self._engine = engine
        self._first = first
        self._others = others

    async def fetch(self, parameters: Parameters) -> Rows:
        """Execute them by themselves, and give the rows of the first, if any, in the driver's own types."""
        async with self._engine.connect() as connection:
            return await self.fetch_on(connection, parameters)

    async def fetch_on(self, connection: Any, parameters: Parameters) -> Rows:  # noqa: ANN401 - SQLAlchemy's
        """Do so on a connection, in its transaction."""
        result = await connection.execute(self._first, parameters)
        rows: Rows = result.all() if result.returns_rows else ()
        for statement in self._others:
            await connection.execute(statement, parameters)
        return rows


@asynccontextmanager
async def engine_transaction(engine: AsyncEngine) -> AsyncIterator[Execute]:
    """Begin a transaction of SQLAlchemy's; an exception rolls it back."""
    async with engine.begin() as connection:
        yield lambda prepared, parameters: prepared.fetch_on(connection, parameters)


class DriverStatement(Prepared):
    """A statement that PostgreSQL's driver executes as SQLAlchemy compiled it, on a connection of its pool.

    SQLAlchemy's connection would take three times the processor time; with two statements to a call, that
    was a fifth of the service's for a call with one patient (docs/adr/0007-compiled-once.md).
    """

    def __init__(self, engine: AsyncEngine, statement: Statement) -> None:
        """Compile the statement for the engine, whose pool has the connections."""
        dialect = engine.dialect
        compiled = statement.compile(dialect=dialect)
        self._engine = engine
        self._sql = str(compiled)
        self._constants = {name: value for name, value in compiled.params.items() if value is not None}
        self._processors = [
            (name, _processor(compiled.binds[name].type, dialect)) for name in compiled.positiontup or ()
        ]

    async def fetch(self, parameters: Parameters) -> Rows:
        """Execute it by itself, and give its rows, if any, in the driver's own types."""
        async with _pooled_connection(self._engine) as connection:
            return await self.fetch_on(connection, parameters)

    async def fetch_on(self, connection: Any, parameters: Parameters) -> Rows:  # noqa: ANN401 - the driver's has no types
        """Do so on a connection, in its transaction."""
        values = {**self._constants, **parameters}
        arguments = [process(values[name]) if process else values[name] for name, process in self._processors]
        with _sqlalchemy_errors(connection):
            rows: Rows = await connection.fetch(self._sql, *arguments)
            return rows


@asynccontextmanager
async def driver_transaction(engine: AsyncEngine) -> AsyncIterator[Execute]:
    """Begin a transaction of the driver's; an exception ends its connection, and the server rolls it back."""
    async with _pooled_connection(engine) as connection:
        transaction = connection.transaction()
        try:
            with _sqlalchemy_errors(connection):
                await transaction.start()
            yield lambda prepared, parameters: prepared.fetch_on(connection, parameters)
            with _sqlalchemy_errors(connection):
                await transaction.commit()
        except BaseException:
            # no ROLLBACK: a server that does not answer would keep the caller waiting once more
            connection.terminate()
            raise


@asynccontextmanager
async def _pooled_connection(engine: AsyncEngine) -> AsyncIterator[Any]:
    """Take the driver's connection from the pool until the block ends."""
    pooled = await _taken(engine)
    try:
        yield pooled.driver_connection
    except DBAPIError:
        raise
    except BaseException:
        # cut off half way: the connection cannot be used again
        await greenlet_spawn(pooled.invalidate)
        raise
    finally:
        pooled.close()


async def _taken(engine: AsyncEngine) -> PoolProxiedConnection:
    try:
        return await engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(None, None, error) from error


@contextmanager
def _sqlalchemy_errors(connection: Any) -> Iterator[None]:  # noqa: ANN401 - the driver's has no types
    """Raise SQLAlchemy's errors instead of the driver's."""
    try:
        yield
    except (PostgresError, InterfaceError, InternalClientError) as error:
        if isinstance(error, InternalClientError):
            # the driver's error for a statement on a connection that the server is about to close
            connection.terminate()
        raise _as_sqlalchemy_error(error, is_lost=connection.is_closed()) from error


def _as_sqlalchemy_error(error: Exception, *, is_lost: bool) -> DBAPIError:
    if isinstance(error, PostgresError):
        # it quotes values
        error.detail = None
    kind = IntegrityError if isinstance(error, IntegrityConstraintViolationError) else DBAPIError
    return kind(None, None, error, hide_parameters=True, connection_invalidated=is_lost)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    # the driver accepts the elements of an array as they are; a processor for each of 1,500 would be slow
    return None if isinstance(kind, ARRAY) else kind.dialect_impl(dialect).bind_processor(dialect)
