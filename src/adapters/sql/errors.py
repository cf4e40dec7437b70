"""The errors of the database libraries, as those of the ports: outages and violated constraints."""

from typing import TypeAlias

from asyncpg import InterfaceError as PostgresqlInterfaceError
from asyncpg import InternalClientError, InvalidCachedStatementError, PostgresError
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from application.ports.system import Unavailable

# while a connection is made, the driver's own errors come through
DATABASE_ERRORS = (DBAPIError, PoolTimeoutError, OSError, PostgresError, PostgresqlInterfaceError)
DatabaseError: TypeAlias = DBAPIError | PoolTimeoutError | OSError | PostgresError | PostgresqlInterfaceError

_ROLLED_BACK = ("40000", "40001", "40002", "40P01")
"""All of class 40 but 40003, where the server itself does not know the outcome."""

_OUTAGES = ("08", "25006", "28", "3D", "40", "42703", "42P01", "53", "55", "57", "58")
"""Codes and classes of SQLSTATE that are about the server or other transactions, not about the statement.

A missing column or table (42703, 42P01) is one: the schema is not that of this release. So is a
read-only server (25006), as after a failover.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
"""SQLite's errors for a file that is not, or no longer, a database.

Source: https://www.sqlite.org/rescode.html
"""


class StorageUnavailable(Unavailable):
    """The database cannot be reached, is too busy, or has no space left."""


class StatementTimedOut(StorageUnavailable):
    """The database did not answer a statement in time; it may wait for another transaction."""


class RolledBack(StorageUnavailable):
    """The database has certainly done nothing, and may succeed if it is tried again at once."""


def as_port_error(error: DatabaseError, *, commit_sent: bool) -> Exception:
    """Turn an outage into StorageUnavailable or RolledBack; return any other error as it is.

    After `commit_sent`, a lost connection leaves the outcome open. Raise the result `from None`: the errors
    that the libraries chain may quote the values of a statement.
    """
    sqlstate = _sqlstate(error)
    is_outdated = _is_outdated(error)
    if not is_outdated and not _is_outage(error, sqlstate):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else error
    message = f"{type(cause).__name__}: {cause}".splitlines()[0]
    if is_outdated or sqlstate in _ROLLED_BACK:
        return RolledBack(message)
    if _is_connection_lost(error) and (not commit_sent or _sent_nothing(cause, sqlstate)):
        return RolledBack(message)
    return StatementTimedOut(message) if isinstance(cause, TimeoutError) else StorageUnavailable(message)


def _is_outdated(error: DatabaseError) -> bool:
    # an upgrade has changed a table since the statement was prepared, which SQLAlchemy now does anew
    return isinstance(error, DBAPIError) and isinstance(
        getattr(error.orig, "__cause__", None), InvalidCachedStatementError
    )


def _is_outage(error: DatabaseError, sqlstate: str | None) -> bool:
    if sqlstate is not None:
        return sqlstate.startswith(_OUTAGES)
    return _is_connection_lost(error) or not isinstance(error, DBAPIError) or _is_operational(error)


def _sent_nothing(cause: BaseException | None, sqlstate: str | None) -> bool:
    # without a code, the driver found the connection closed, except for an internal error at an unknown time
    return sqlstate is None and not isinstance(cause, InternalClientError)


def _is_operational(error: DBAPIError) -> bool:
    is_damaged = getattr(error.orig, "sqlite_errorname", None) in _DAMAGED
    return is_damaged or isinstance(error, (OperationalError, InterfaceError))


def _is_connection_lost(error: DatabaseError) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _sqlstate(error: DatabaseError) -> str | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    sqlstate = getattr(cause, "sqlstate", None)
    return sqlstate if isinstance(sqlstate, str) else None


_POSTGRESQL_UNIQUE_VIOLATION = "23505"
"""Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_SQLITE_UNIQUE_VIOLATIONS = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
"""Source: https://www.sqlite.org/rescode.html"""


def is_unique_violation(error: IntegrityError, table: Table) -> bool:
    """Return whether a unique key of `table` already existed."""
    cause = error.orig
    if getattr(cause, "sqlstate", None) == _POSTGRESQL_UNIQUE_VIOLATION:
        return getattr(cause, "table_name", None) == table.name
    # SQLite says it in the message alone: UNIQUE constraint failed: table.column, table.column
    is_unique = getattr(cause, "sqlite_errorname", None) in _SQLITE_UNIQUE_VIOLATIONS
    return is_unique and f" {table.name}." in str(cause)
