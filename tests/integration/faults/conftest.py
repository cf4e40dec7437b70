"""A PostgreSQL that may be killed, databases with patients, and services on them."""

import asyncio
import base64
import secrets
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from sqlalchemy import make_url

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.databases import Databases
from tests.integration.embedded_postgresql import EmbeddedPostgresql
from tests.integration.faults.support.proxy import Proxy, running_proxy
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, Issuer
from tests.integration.http.support.people import bring_in
from tests.integration.service import Service, running_service

PEOPLE = "people"
"""The database that others are copied from."""


@pytest.fixture(scope="session", autouse=True)
async def _one_event_loop(anyio_backend: str) -> None:
    """Let sync tests read the results of async fixtures."""


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def settings(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give all settings of a service but the database."""
    jwks = tmp_path_factory.mktemp("issuer") / "jwks.json"
    issuer.publish(jwks)
    return {
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": f"{jwks}",
        "INVITATIONS_AUDIENCE": AUDIENCE,
        "INVITATIONS_TOKEN_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }


@pytest.fixture(scope="session")
def postgresql() -> Iterator[EmbeddedPostgresql]:
    """Give a server for these tests. A test that kills it starts it again."""
    with TemporaryDirectory(prefix="invitations-faults-") as directory:
        server = EmbeddedPostgresql(Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def new_environment(
    postgresql: EmbeddedPostgresql, settings: Mapping[str, str]
) -> Callable[[], Mapping[str, str]]:
    """Make a function that creates a database with patients, and returns the settings of a service."""
    numbers = count(1)

    def on(database: str) -> Mapping[str, str]:
        url = postgresql.url(database).replace("postgresql://", "postgresql+asyncpg://")
        return {**settings, "INVITATIONS_DATABASE_URL": url}

    def new() -> Mapping[str, str]:
        name = f"test_{next(numbers)}"
        asyncio.run(_execute(postgresql, f"CREATE DATABASE {name} TEMPLATE {PEOPLE}"))
        return on(name)

    asyncio.run(_execute(postgresql, f"CREATE DATABASE {PEOPLE}"))
    asyncio.run(bring_in(_container(on(PEOPLE))))
    return new


@pytest.fixture(scope="module")
def postgresql_environment(new_environment: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Give the settings of a service on a database that no other module uses."""
    return new_environment()


@pytest.fixture(scope="module")
def sqlite_environment(settings: Mapping[str, str], sqlite: Databases) -> Mapping[str, str]:
    """Give the same on SQLite."""
    return {**settings, "INVITATIONS_DATABASE_URL": sqlite.peopled_url()}


@pytest.fixture(scope="module")
def service(
    postgresql_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Give a service on PostgreSQL that the tests of a module share."""
    with running_service(postgresql_environment, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def proxy(postgresql: EmbeddedPostgresql) -> Iterator[Proxy]:
    with running_proxy(postgresql.port) as running:
        yield running


@pytest.fixture(scope="module")
def proxied_service(
    postgresql_environment: Mapping[str, str], proxy: Proxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Give a service that reaches its database through the proxy."""
    url = make_url(postgresql_environment["INVITATIONS_DATABASE_URL"]).set(port=proxy.port)
    settings = {**postgresql_environment, "INVITATIONS_DATABASE_URL": f"{url}"}
    with running_service(settings, tmp_path_factory.mktemp("proxied") / "log") as running:
        yield running


def _container(environment: Mapping[str, str]) -> Container:
    return Container(settings=read_settings(environment, to_serve=True).unwrap())


async def _execute(server: EmbeddedPostgresql, statement: str) -> None:
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
