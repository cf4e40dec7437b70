"""Which constraint a statement ran into."""

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

_POSTGRESQL_UNIQUE_VIOLATION = "23505"
"""Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_SQLITE_UNIQUE_VIOLATIONS = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""Source: https://www.sqlite.org/rescode.html"""


def is_unique_violation(error: IntegrityError, table: Table) -> bool:
    """Tell whether a key of `table` that must be unique was there already."""
    cause = error.orig
    if getattr(cause, "sqlstate", None) == _POSTGRESQL_UNIQUE_VIOLATION:
        return getattr(cause, "table_name", None) == table.name
    # SQLite says it in the message alone: UNIQUE constraint failed: table.column, table.column
    is_unique = getattr(cause, "sqlite_errorname", None) in _SQLITE_UNIQUE_VIOLATIONS
    return is_unique and f" {table.name}." in str(cause)
