"""A service that answers gRPC alone, with patients in its database, and a client."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import cast

import pytest

from entrypoints.container import Container
from tests.integration.databases import Databases
from tests.integration.grpc.support.client import GrpcClient, grpc_client
from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.http.support.captured_log import CapturedLog, captured_log
from tests.integration.http.support.in_process import keep_in_memory, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service
from tests.integration.transports.setup import settings_on


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def environment(
    sqlite: Databases, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """Give the settings of a service on SQLite: a refusal, and the form of an answer, meet no other SQL."""
    return settings_on(sqlite.peopled_url(), issuer, tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="session")
def lost_environment(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give the settings of a service whose database cannot be reached."""
    directory = tmp_path_factory.mktemp("lost")
    return settings_on(f"sqlite+aiosqlite:///{directory}/missing/file.db", issuer, directory)


@pytest.fixture(scope="session")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving_grpc(environment, tmp_path_factory.mktemp("service") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[GrpcClient]:
    with grpc_client(service.grpc_port) as client:
        yield client


@pytest.fixture(scope="session")
def postgresql_client(
    postgresql_server: Databases, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GrpcClient]:
    """Give a client of a service on PostgreSQL."""
    directory = tmp_path_factory.mktemp("postgresql")
    environment = settings_on(postgresql_server.peopled_url(), issuer, directory)
    with (
        serving_grpc(environment, directory / "log") as running,
        grpc_client(running.grpc_port) as client,
    ):
        yield client


@pytest.fixture(params=["sqlite", "postgresql"])
def client_of_each(request: pytest.FixtureRequest) -> GrpcClient:
    """Give a client of a service on each kind of database."""
    fixture = "client" if request.param == "sqlite" else "postgresql_client"
    return cast("GrpcClient", request.getfixturevalue(fixture))


@pytest.fixture
async def container_in_memory(lost_environment: Mapping[str, str]) -> AsyncIterator[Container]:
    """Give a container of which a test may override any provider; fakes stand for the database."""
    async with open_container(lost_environment) as container:
        await keep_in_memory(container)
        yield container


@pytest.fixture
def log() -> Iterator[CapturedLog]:
    with captured_log() as log:
        yield log
