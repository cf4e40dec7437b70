"""A running service, with patients in its database, and an authorised caller."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import httpx
import pytest

from entrypoints.container import Container
from tests.integration.databases import Databases
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller
from tests.integration.http.support.captured_log import CapturedLog, captured_log
from tests.integration.http.support.in_process import keep_in_memory, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.judge import judge_response
from tests.integration.service import Service


@pytest.fixture(scope="session")
def new_database_url(database: str, databases: Callable[[str], Databases]) -> Databases:
    """Make an empty database at each call and give its URL."""
    return databases(database)


@pytest.fixture(scope="session")
def environment(database: str, environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    return environments(database)


@pytest.fixture(scope="session")
def service(database: str, services: Callable[[str], Service]) -> Service:
    return services(database)


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
    """Give a caller of each operation."""
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
