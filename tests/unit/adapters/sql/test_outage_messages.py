"""What an operator reads of a database that cannot be used."""

import sqlite3
from socket import gaierror

import pytest
from asyncpg import InsufficientPrivilegeError, InvalidCatalogNameError, InvalidPasswordError
from asyncpg.exceptions import CannotConnectNowError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from adapters.sql.errors import DatabaseError, StorageUnavailable, as_port_error

REACHED, USED = "the database cannot be reached", "the database cannot be used"


def _sqlite_error(name: str, text: str) -> OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return OperationalError("SELECT 'a patient'", {"of": "a patient"}, error)


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        pytest.param(gaierror(-2, "Name"), f"{REACHED}: the name of its host is not known", id="host"),
        pytest.param(
            ConnectionRefusedError(111, "x"), f"{REACHED}: its host refuses the connection", id="refused"
        ),
        pytest.param(TimeoutError(), f"{REACHED}: it does not answer in time", id="silent"),
        pytest.param(OSError(113, "No route to host"), f"{REACHED}: No route to host", id="route"),
        pytest.param(OSError("both addresses\nfailed"), f"{REACHED}: both addresses", id="two-addresses"),
        pytest.param(OSError(), f"{REACHED}: OSError", id="without-words"),
        pytest.param(
            CannotConnectNowError("the database system is starting up"),
            f"{REACHED}: the database system is starting up",
            id="starting",
        ),
        pytest.param(
            PoolTimeoutError("QueuePool"), f"{USED}: all connections to it are in use", id="connections"
        ),
        pytest.param(
            InvalidPasswordError('password authentication failed for user "app"'),
            f'{USED}: password authentication failed for user "app"',
            id="password",
        ),
        pytest.param(
            InvalidCatalogNameError('database "x" does not exist'),
            f'{USED}: database "x" does not exist',
            id="database",
        ),
        pytest.param(
            InsufficientPrivilegeError("permission denied for table patient"),
            f"{USED}: permission denied for table patient; "
            "grant it to the role app (docs/operations/database.md#roles)",
            id="right",
        ),
        pytest.param(
            _sqlite_error("SQLITE_CANTOPEN", "unable to open database file"),
            f"{REACHED}: unable to open database file",
            id="file",
        ),
        pytest.param(
            _sqlite_error("SQLITE_BUSY", "database is locked"), f"{USED}: database is locked", id="locked"
        ),
    ],
)
def test_an_outage_says_what_is_wrong_and_no_value(error: DatabaseError, problem: str) -> None:
    outage = as_port_error(error, commit_sent=False, role="app")

    assert isinstance(outage, StorageUnavailable)
    assert outage.problem == problem


def test_a_role_that_the_url_does_not_name_is_its_role() -> None:
    outage = as_port_error(
        InsufficientPrivilegeError("permission denied for schema public"), commit_sent=False
    )

    assert str(outage) == (
        "permission denied for schema public; grant it to its role (docs/operations/database.md#roles)"
    )
