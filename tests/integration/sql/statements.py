"""Watches the statements on their way to a database, by SQLAlchemy or by PostgreSQL's driver alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from asyncpg.connection import LoggedQuery
from sqlalchemy import Engine, Pool, event

_OF_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK")
_OF_TYPES = ("typeinfo_tree", "set_config('jit'")
"""By these the driver asks, once a connection, what types the server has."""


@contextmanager
def begun_insert() -> Iterator[asyncio.Event]:
    """Set an event before the next INSERT is executed."""
    begun = asyncio.Event()

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT" in statement:
            begun.set()

    def watch_driver(_connection: Any, entry: Any, _pooled: Any) -> None:
        # the driver reports a statement only afterwards, but it executes one as soon as it has the connection
        if hasattr(entry.driver_connection, "add_query_logger"):
            begun.set()

    with _listening(Engine, "before_cursor_execute", watch), _listening(Pool, "checkout", watch_driver):
        yield begun


@asynccontextmanager
async def recorded_statements() -> AsyncIterator[list[str]]:
    """Record each executed statement, without those of transactions."""
    statements: list[str] = []
    watched: set[Any] = set()

    def record(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: Any
    ) -> None:
        if not statement.startswith(_OF_TRANSACTIONS):
            statements.extend([statement] * (len(parameters) if executemany else 1))

    def record_by_driver(logged: LoggedQuery) -> None:
        if not logged.query.startswith(_OF_TRANSACTIONS) and not any(
            map(logged.query.__contains__, _OF_TYPES)
        ):
            statements.append(logged.query)

    def watch_driver(_connection: Any, entry: Any, _pooled: Any) -> None:
        driver = entry.driver_connection
        if hasattr(driver, "add_query_logger"):
            driver.add_query_logger(record_by_driver)
            watched.add(driver)

    with _listening(Engine, "before_cursor_execute", record), _listening(Pool, "checkout", watch_driver):
        yield statements
    # the driver reports a statement in the next turn of the event loop
    await asyncio.sleep(0)
    for driver in watched:
        driver.remove_query_logger(record_by_driver)


@contextmanager
def _listening(target: Any, name: str, listener: Callable[..., None]) -> Iterator[None]:
    event.listen(target, name, listener)
    try:
        yield
    finally:
        event.remove(target, name, listener)
