"""The databases that the tests run on: fresh and empty ones, and one with people in it."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration import postgresql
from tests.integration.http.support.people import bring_in

NewDatabaseUrl: TypeAlias = Callable[[], str]


@contextmanager
def _sqlite() -> Iterator[NewDatabaseUrl]:
    with TemporaryDirectory(prefix="invitations-test-") as directory:
        numbers = count(1)
        yield lambda: f"sqlite+aiosqlite:///{Path(directory, f'{next(numbers)}.db')}"


_SERVERS: dict[str, Callable[[], AbstractContextManager[NewDatabaseUrl]]] = {
    "sqlite": _sqlite,
    "postgresql": postgresql.new_databases,
}
"""Every kind of database: the tests run once on each."""


def pytest_report_header() -> str:
    """Say which PostgreSQL the tests use."""
    return f"PostgreSQL: {postgresql.source()}"


@pytest.fixture(scope="session", autouse=True)
def _processes_can_be_interrupted() -> None:
    """Give those that tests start the signal back that a shell takes from what runs in its background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", params=_SERVERS)
def new_database_url(request: pytest.FixtureRequest) -> Iterator[NewDatabaseUrl]:
    """Make an empty database at each call and give its URL."""
    with _SERVERS[request.param]() as new_url:
        yield new_url


@pytest.fixture
def database_url(new_database_url: NewDatabaseUrl) -> str:
    """Give the URL of an empty database that no other test uses."""
    return new_database_url()


@pytest.fixture(scope="session")
def peopled_database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the URL of a database that services share whose tests do not depend on the kind of database."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('people')}/people.db"
    settings = read_settings({"INVITATIONS_DATABASE_URL": url}, to_serve=False).unwrap()
    asyncio.run(bring_in(Container(settings=settings)))
    return url
