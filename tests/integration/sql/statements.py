"""Watches the statements on their way to a database."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def begun_insert() -> Iterator[asyncio.Event]:
    """Tell when the next INSERT is about to be executed."""
    begun = asyncio.Event()

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "INSERT" in statement:
            begun.set()

    event.listen(Engine, "before_cursor_execute", watch)
    try:
        yield begun
    finally:
        event.remove(Engine, "before_cursor_execute", watch)


@contextmanager
def recorded_statements() -> Iterator[list[str]]:
    """Record each statement, as often as it is executed; the BEGIN of a transaction does not count."""
    statements: list[str] = []

    def record(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: Any
    ) -> None:
        if not statement.startswith("BEGIN"):
            statements.extend([statement] * (len(parameters) if executemany else 1))

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", record)
