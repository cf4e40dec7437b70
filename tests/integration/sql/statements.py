"""Counts the statements that reach a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


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
