"""What is counted in the process of a test, and a service whose two workers count together."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest

from adapters.telemetry.prometheus import Metrics
from tests.integration.doors.setup import populate, settings_on
from tests.integration.grpc.support.client import GENERATE, grpc_client, metadata
from tests.integration.grpc.support.in_process import stream_of
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, NOT_GRANTED
from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.metrics.support.figures import Figures, collect
from tests.integration.service import Service, running_service


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("1.2.3")


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def environment(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    directory = tmp_path_factory.mktemp("environment")
    environment = settings_on(f"sqlite+aiosqlite:///{directory}/people.db", issuer, directory)
    populate(environment)
    return environment


@pytest.fixture(scope="session")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("service") / "log"
    with running_service(environment, log, workers=2, grpc=True) as running:
        wait_until(lambda: len(workers_of(running.process.pid)) == 2)
        yield running


@pytest.fixture(scope="session")
def figures(service: Service, issuer: Issuer) -> Figures:
    """Give what a service tells that has been called at both doors, and has refused a call."""
    with httpx.Client(base_url=service.url, timeout=30) as client:
        for path in (OPERATION, STATUS_OPERATION):
            Caller(client, issuer.access_token()).call(path=path)
        Caller(client, issuer.access_token()).call(changes={"X-Org-Public-Id": str(NOT_GRANTED)})
        client.get("/health/ready")
    with grpc_client(service.grpc_port) as called:
        sent = metadata(issuer.access_token())
        called.raw(GENERATE)(next(stream_of(ADULT)).SerializeToString(), metadata=sent)
        list(called.stream(stream_of(ADULT), metadata=sent))
        called.check_health(HealthCheckRequest())
    wait_until(lambda: collect(service.url).sum("invitations_requests_total", transport="grpc") >= 4)
    return collect(service.url)
