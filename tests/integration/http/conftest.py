"""A service that runs, with people in its database, and somebody who may call it."""

import asyncio
import base64
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import httpx
import pytest

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller
from tests.integration.http.support.captured_log import CapturedLog, captured_log
from tests.integration.http.support.in_process import keep_in_memory, open_container
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, Issuer
from tests.integration.http.support.judge import judge_response
from tests.integration.http.support.people import bring_in
from tests.integration.service import Service, running_service


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


@pytest.fixture(scope="session")
def environment(
    new_database_url: Callable[[], str], lost_environment: Mapping[str, str]
) -> Mapping[str, str]:
    """Give the settings of a service that has all it needs."""
    environment = {**lost_environment, "INVITATIONS_DATABASE_URL": new_database_url()}
    asyncio.run(bring_in(Container(settings=read_settings(environment, to_serve=True).unwrap())))
    return environment


@pytest.fixture(scope="session")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(environment, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[httpx.Client]:
    """Give a client whose every answer is judged.

    Each request has a connection of its own: one on which a body was refused unread may be closed.
    """
    with httpx.Client(
        base_url=service.url,
        event_hooks={"response": [judge_response]},
        limits=httpx.Limits(max_keepalive_connections=0),
        timeout=30,
    ) as client:
        yield client


@pytest.fixture(scope="session")
def caller(client: httpx.Client, issuer: Issuer) -> Caller:
    return Caller(client, issuer.access_token())


@pytest.fixture(scope="session", params=[OPERATION, STATUS_OPERATION], ids=["generate", "status"])
def caller_of_each(client: httpx.Client, issuer: Issuer, request: pytest.FixtureRequest) -> Caller:
    """Give somebody who calls the one operation, then somebody who calls the other."""
    return Caller(client, issuer.access_token(), request.param)


@pytest.fixture
async def container(environment: Mapping[str, str]) -> AsyncIterator[Container]:
    """Give a container of which a test may override any provider."""
    async with open_container(environment) as container:
        yield container


@pytest.fixture
async def container_in_memory(lost_environment: Mapping[str, str]) -> AsyncIterator[Container]:
    """Give a container likewise, in which a fake stands for each port to the database."""
    async with open_container(lost_environment) as container:
        await keep_in_memory(container)
        yield container


@pytest.fixture
def log() -> Iterator[CapturedLog]:
    with captured_log() as log:
        yield log
