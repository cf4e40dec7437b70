"""What tests of many folders share: databases, empty or with people in them, and a service on each."""

import asyncio
import base64
import secrets
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import pytest

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration import postgresql
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, Issuer
from tests.integration.http.support.people import bring_in
from tests.integration.service import Service, running_service

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


@pytest.fixture(scope="session")
def databases() -> Iterator[Callable[[str], NewDatabaseUrl]]:
    """Start a server of each kind when a test first needs it, and keep it until the end."""
    with ExitStack() as servers:
        yield cache(lambda kind: servers.enter_context(_SERVERS[kind]()))


@pytest.fixture(scope="session", params=_SERVERS)
def new_database_url(
    request: pytest.FixtureRequest, databases: Callable[[str], NewDatabaseUrl]
) -> NewDatabaseUrl:
    """Make an empty database at each call and give its URL."""
    return databases(request.param)


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


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def lost_environment(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give the settings of a service whose database cannot be reached."""
    directory = tmp_path_factory.mktemp("environment")
    issuer.publish(directory / "jwks.json")
    return {
        "INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{directory}/missing/file.db",
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": f"{directory}/jwks.json",
        "INVITATIONS_AUDIENCE": AUDIENCE,
        "INVITATIONS_TOKEN_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }


@pytest.fixture(scope="session", params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """Name the kind of database that the service is on: SQLite, unless a test runs `ON_EACH_DATABASE`."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def environments(
    databases: Callable[[str], NewDatabaseUrl], lost_environment: Mapping[str, str]
) -> Callable[[str], Mapping[str, str]]:
    """Give the settings of a service on a kind of database that has all it needs."""

    @cache
    def on(kind: str) -> Mapping[str, str]:
        environment = {**lost_environment, "INVITATIONS_DATABASE_URL": databases(kind)()}
        container = Container(settings=read_settings(environment, to_serve=True).unwrap())
        # in a thread of its own: the test may be within an event loop
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(asyncio.run, bring_in(container)).result()
        return environment

    return on


@pytest.fixture(scope="session")
def services(
    environments: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Service]]:
    """Start a service on a kind of database when a test first needs it, and keep it until the end."""
    with ExitStack() as running:

        @cache
        def on(kind: str) -> Service:
            log = tmp_path_factory.mktemp("service") / "log"
            return running.enter_context(running_service(environments(kind), log, grpc=True))

        yield on
