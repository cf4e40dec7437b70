"""Which constraint a statement ran into."""

from sqlalchemy.exc import IntegrityError

_POSTGRESQL_UNIQUE_VIOLATION = "23505"
"""Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_SQLITE_UNIQUE_VIOLATIONS = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""Source: https://www.sqlite.org/rescode.html"""


def is_unique_violation(error: IntegrityError) -> bool:
    """Tell whether a key that must be unique was there already."""
    cause = error.orig
    return (
        getattr(cause, "sqlstate", None) == _POSTGRESQL_UNIQUE_VIOLATION
        or getattr(cause, "sqlite_errorname", None) in _SQLITE_UNIQUE_VIOLATIONS
    )
