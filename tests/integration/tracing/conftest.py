"""A traced service with both transports, and the collector of its spans."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest

from entrypoints.container import Container
from tests.integration.http.support.in_process import keep_in_memory, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service, running_service
from tests.integration.tracing.support.calls import TracedCalls
from tests.integration.tracing.support.collector import Collector, running_collector
from tests.integration.transports.setup import TRANSPORTS


@pytest.fixture(scope="session")
def environment(environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    """Give the settings of a service that is not traced."""
    return environments("sqlite")


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@pytest.fixture(scope="session")
def traced_environment(environment: Mapping[str, str], collector: Collector) -> Mapping[str, str]:
    return {
        **environment,
        "INVITATIONS_TRACING": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "50",
    }


@pytest.fixture(scope="session")
def service(
    traced_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("service") / "log"
    with running_service(traced_environment, log, grpc=True) as running:
        yield running


@pytest.fixture
async def container_in_memory(environment: Mapping[str, str]) -> AsyncIterator[Container]:
    """Give a container that is not traced; fakes stand for the database."""
    async with open_container(environment) as container:
        await keep_in_memory(container)
        yield container


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    """Name the transport of a test. Each test runs with every one."""
    name: str = request.param
    return name


@pytest.fixture
def calls(transport: str, service: Service, collector: Collector, issuer: Issuer) -> TracedCalls:
    return TracedCalls(transport, service, collector, issuer)
