"""What the database libraries raise: outages, and constraints that are violated."""

from typing import TypeAlias

from asyncpg import InterfaceError as PostgresqlInterfaceError
from asyncpg import InternalClientError, InvalidCachedStatementError, PostgresError
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from application.ports.system import Unavailable

# while a connection is being made, the driver's own errors come through
DATABASE_ERRORS = (DBAPIError, PoolTimeoutError, OSError, PostgresError, PostgresqlInterfaceError)
DatabaseError: TypeAlias = DBAPIError | PoolTimeoutError | OSError | PostgresError | PostgresqlInterfaceError

_ROLLED_BACK = ("40000", "40001", "40002", "40P01")
"""Of class 40, all but 40003: there the server itself cannot tell."""

_OUTAGES = ("08", "25006", "28", "3D", "40", "42703", "42P01", "53", "55", "57", "58")
"""Codes and classes of SQLSTATE that speak of the server, or of other transactions, and not of the statement.

A missing column or table (42703, 42P01) is one: the schema is not this release's, or not yet. So is a
server that can only be read (25006), as after a failover.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
"""What SQLite says of a file that is not, or no longer, a database.

Source: https://www.sqlite.org/rescode.html
"""


class StorageUnavailable(Unavailable):
    """The database cannot be reached, is busy beyond patience, or has no room."""


class StatementTimedOut(StorageUnavailable):
    """The database did not answer a statement in time, as when it waits for another transaction."""


class RolledBack(StorageUnavailable):
    """What was to be done was certainly not, and may well be if it is tried again at once."""


def as_port_error(error: DatabaseError, *, commit_sent: bool) -> Exception:
    """Turn an outage into StorageUnavailable, or RolledBack; give any other error back as it is.

    `commit_sent` tells that a lost connection leaves open what became of it. To be raised `from None`:
    what the libraries chain to an error can quote the values of a statement.
    """
    sqlstate = _sqlstate(error)
    is_outdated = _is_outdated(error)
    if not is_outdated and not _is_outage(error, sqlstate):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = f"{type(cause).__name__}: {cause}".splitlines()[0]
    if is_outdated or sqlstate in _ROLLED_BACK:
        return RolledBack(said)
    if _is_connection_lost(error) and (not commit_sent or _sent_nothing(cause, sqlstate)):
        return RolledBack(said)
    return StatementTimedOut(said) if isinstance(cause, TimeoutError) else StorageUnavailable(said)


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
    # without a code, the driver itself found the connection closed; or it lost its thread, nobody knows when
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
    """Tell whether a key of `table` that must be unique was there already."""
    cause = error.orig
    if getattr(cause, "sqlstate", None) == _POSTGRESQL_UNIQUE_VIOLATION:
        return getattr(cause, "table_name", None) == table.name
    # SQLite says it in the message alone: UNIQUE constraint failed: table.column, table.column
    is_unique = getattr(cause, "sqlite_errorname", None) in _SQLITE_UNIQUE_VIOLATIONS
    return is_unique and f" {table.name}." in str(cause)
