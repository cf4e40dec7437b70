"""The errors of the database libraries, as those of the ports: outages and violated constraints."""

import re
from socket import gaierror
from typing import TypeAlias

from asyncpg import InterfaceError as PostgresqlInterfaceError
from asyncpg import InternalClientError, InvalidCachedStatementError, PostgresError
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from adapters.sql.tables import metadata
from application.ports.system import Unavailable

# while a connection is made, the driver's own errors come through
DATABASE_ERRORS = (DBAPIError, PoolTimeoutError, OSError, PostgresError, PostgresqlInterfaceError)
DatabaseError: TypeAlias = DBAPIError | PoolTimeoutError | OSError | PostgresError | PostgresqlInterfaceError

_ROLLED_BACK = ("40000", "40001", "40002", "40P01")
"""All of class 40 but 40003, where the server itself does not know the outcome."""

_PERMISSION_DENIED = "42501"
_LOCK_NOT_AVAILABLE = "55P03"
_UNIQUE_VIOLATION = "23505"
_NOT_NULL_VIOLATION = "23502"

_OUTAGES = ("08", "25006", "28", "3D", "40", _PERMISSION_DENIED, "42703", "42P01", "53", "55", "57", "58")
"""Codes and classes of SQLSTATE that are about the server or other transactions, not about the statement.

A missing column or table (42703, 42P01) is one: the schema is not that of this release. So is a
read-only server (25006), as after a failover, and a right that the role lacks (42501).

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

_ANSWERED = re.compile("(?!08|57P0)")
"""Codes of a server that can be reached: all but those of lost connections and of a server that stops."""

_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
"""SQLite's errors for a file that is not, or no longer, a database.

Source: https://www.sqlite.org/rescode.html
"""

_NUMBERING = [
    table.primary_key
    for table in metadata.sorted_tables
    if [column.identity is not None for column in table.primary_key] == [True]
]
"""The keys whose values the database draws from a sequence."""


class StorageUnavailable(Unavailable):
    """The database cannot be reached, is too busy, has no space left, or refuses its role something.

    The message says which, for operators. It has no secret, and no value of a statement.
    """

    def __init__(self, message: str, *, is_reached: bool = True) -> None:
        """`is_reached` is False if the database did not answer at all."""
        super().__init__(message)
        self.problem = f"the database cannot be {'used' if is_reached else 'reached'}: {message}"


class StatementTimedOut(StorageUnavailable):
    """The database did not answer a statement in time."""


class RowAwaited(StorageUnavailable):
    """Another transaction has stored a row of the same key, and did not end in time."""


class RolledBack(StorageUnavailable):
    """The database has certainly done nothing, and may succeed if it is tried again at once."""


class SequenceLost(StorageUnavailable):
    """The database numbers new rows like existing ones, or not at all: a restore was not complete."""


def as_port_error(error: DatabaseError, *, commit_sent: bool, role: str | None = None) -> Exception:
    """Turn an outage into StorageUnavailable or a kind of it; return any other error as it is.

    After `commit_sent`, a lost connection leaves the outcome open. `role` is who asks. Raise the result
    `from None`: the errors that the libraries chain may quote the values of a statement.
    """
    if table := _without_numbers(error):
        return SequenceLost(
            f"the numbers of the table {table} are behind its rows: an incomplete restore "
            "(docs/operations/monitor.md#invitationssequencelost)"
        )
    sqlstate = _sqlstate(error)
    is_outdated = _is_outdated(error)
    if not is_outdated and not _is_outage(error, sqlstate):
        return error
    message, is_reached = _message(error, role), _is_reached(error, sqlstate)
    if is_outdated or sqlstate in _ROLLED_BACK:
        return RolledBack(message)
    if _is_connection_lost(error) and (not commit_sent or _sent_nothing(_driver_error(error), sqlstate)):
        return RolledBack(message, is_reached=is_reached)
    if isinstance(_cause(error), TimeoutError):
        return StatementTimedOut(message, is_reached=is_reached)
    kind = RowAwaited if _awaits_row(error, sqlstate) else StorageUnavailable
    return kind(message, is_reached=is_reached)


def _cause(error: DatabaseError) -> BaseException:
    return error.orig or error if isinstance(error, DBAPIError) else error


def _driver_error(error: DatabaseError) -> BaseException:
    """Give the driver's own error, around which SQLAlchemy may have put one or two."""
    cause = _cause(error)
    return cause.__cause__ if isinstance(cause.__cause__, PostgresError) else cause


def _is_outdated(error: DatabaseError) -> bool:
    # an upgrade has changed a table since the statement was prepared, which is now done anew
    return isinstance(_driver_error(error), InvalidCachedStatementError)


def _is_outage(error: DatabaseError, sqlstate: str | None) -> bool:
    if sqlstate is not None:
        return sqlstate.startswith(_OUTAGES)
    return _is_connection_lost(error) or not isinstance(error, DBAPIError) or _is_operational(error)


def _sent_nothing(cause: BaseException, sqlstate: str | None) -> bool:
    # without a code, the driver found the connection closed, except for an internal error at an unknown time
    return sqlstate is None and not isinstance(cause, InternalClientError)


def _is_operational(error: DBAPIError) -> bool:
    is_damaged = getattr(error.orig, "sqlite_errorname", None) in _DAMAGED
    return is_damaged or isinstance(error, (OperationalError, InterfaceError))


def _is_connection_lost(error: DatabaseError) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _is_reached(error: DatabaseError, sqlstate: str | None) -> bool:
    if sqlstate is not None:
        return _ANSWERED.match(sqlstate) is not None
    code = getattr(_cause(error), "sqlite_errorname", "")
    return isinstance(error, PoolTimeoutError) or (bool(code) and not code.startswith("SQLITE_CANTOPEN"))


def _awaits_row(error: DatabaseError, sqlstate: str | None) -> bool:
    # the context names the index's table if the wait is for a row, and is empty if it is for a whole table
    return sqlstate == _LOCK_NOT_AVAILABLE and bool(getattr(_driver_error(error), "context", None))


def _sqlstate(error: DatabaseError) -> str | None:
    sqlstate = getattr(_cause(error), "sqlstate", None)
    return sqlstate if isinstance(sqlstate, str) else None


def _message(error: DatabaseError, role: str | None) -> str:
    driver = _driver_error(error)
    match driver:
        case gaierror():
            return "the name of its host is not known"
        case ConnectionRefusedError():
            return "its host refuses the connection"
        case TimeoutError():
            return "it does not answer in time"
        case PoolTimeoutError():
            return "all connections to it are in use"
        case OSError():
            return driver.strerror or _first_line(driver)
    first_line = _first_line(driver)
    if _sqlstate(error) == _PERMISSION_DENIED:
        whom = f"the role {role}" if role else "its role"
        return f"{first_line}; grant it to {whom} (docs/operations/database.md#roles)"
    return first_line


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def is_unique_violation(error: IntegrityError, key: PrimaryKeyConstraint) -> bool:
    """Return whether a row of this key already existed."""
    cause = _driver_error(error)
    if getattr(cause, "sqlstate", None) == _UNIQUE_VIOLATION:
        return getattr(cause, "constraint_name", None) == key.name
    # SQLite says it in the message alone
    columns = ", ".join(f"{key.table.name}.{column.name}" for column in key.columns)
    return str(cause) == f"UNIQUE constraint failed: {columns}"


def _without_numbers(error: DatabaseError) -> str | None:
    """Name the table whose new row got the number of an existing one, or none."""
    if not isinstance(error, IntegrityError):
        return None
    cause = _driver_error(error)
    # the database alone leaves this column empty: each statement that sets it has a value
    missing = (_NOT_NULL_VIOLATION, "id")
    if missing == tuple(getattr(cause, name, None) for name in ("sqlstate", "column_name")):
        return str(getattr(cause, "table_name", None))
    keys = (key for key in _NUMBERING if is_unique_violation(error, key))
    return next((key.table.name for key in keys), None)
