"""Prepared statements, which every call executes with other parameters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from asyncpg import (
    IntegrityConstraintViolationError,
    InterfaceError,
    InternalClientError,
    PostgresError,
)
from sqlalchemy import ARRAY, Dialect, Insert, Select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import greenlet_spawn

Parameters: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Sequence[Any]]
Statement: TypeAlias = Select[Any] | Insert


class Prepared(Protocol):
    """A statement of one database."""

    async def fetch(self, parameters: Parameters) -> Rows:
        """Execute it, and give its rows, if any, in the driver's own types."""
        ...


class EngineStatement(Prepared):
    """A statement that SQLAlchemy's connection executes."""

    def __init__(self, engine: AsyncEngine, statement: Statement) -> None:
        """Execute the statement by itself on the engine."""
        self._engine = engine
        self._statement = statement

    async def fetch(self, parameters: Parameters) -> Rows:
        """Execute it, and give its rows, if any, in the driver's own types."""
        async with self._engine.connect() as connection:
            result = await connection.execute(self._statement, parameters)
            return result.all() if result.returns_rows else ()


class DriverStatement(Prepared):
    """A statement that PostgreSQL's driver executes as SQLAlchemy compiled it, on a connection of its pool.

    SQLAlchemy's connection would take three times the processor time; with two statements to a call, that
    was a fifth of the service's for a call with one patient (docs/performance.md).
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
        """Execute it, and give its rows, if any, in the driver's own types."""
        values = {**self._constants, **parameters}
        arguments = [process(values[name]) if process else values[name] for name, process in self._processors]
        pooled = await self._pooled_connection()
        connection: Any = pooled.driver_connection
        try:
            rows: Rows = await connection.fetch(self._sql, *arguments)
        except (PostgresError, InterfaceError, InternalClientError) as error:
            if isinstance(error, InternalClientError):
                # the driver's error for a statement on a connection that the server is about to close
                connection.terminate()
            raise self._as_sqlalchemy_error(error, is_lost=connection.is_closed()) from error
        except BaseException:
            # cut off half way: the connection cannot be used again
            await greenlet_spawn(pooled.invalidate)
            raise
        finally:
            pooled.close()
        return rows

    async def _pooled_connection(self) -> PoolProxiedConnection:
        try:
            return await self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise DBAPIError(None, None, error) from error

    def _as_sqlalchemy_error(self, error: Exception, *, is_lost: bool) -> DBAPIError:
        if isinstance(error, PostgresError):
            # it quotes values
            error.detail = None
        kind = IntegrityError if isinstance(error, IntegrityConstraintViolationError) else DBAPIError
        return kind(self._sql, None, error, hide_parameters=True, connection_invalidated=is_lost)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    # the driver accepts the elements of an array as they are; a processor for each of 1,500 would be slow
    return None if isinstance(kind, ARRAY) else kind.dialect_impl(dialect).bind_processor(dialect)
