"""The metrics in the process of a test, and those of a service."""

from collections.abc import Callable

import httpx
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest

from adapters.telemetry.prometheus import Metrics
from tests.integration.grpc.support.client import GENERATE, grpc_client, metadata
from tests.integration.grpc.support.in_process import stream_of
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, NOT_GRANTED
from tests.integration.http.support.portal import CONFIRM
from tests.integration.http.support.processes import wait_until
from tests.integration.metrics.support.figures import Figures, collect
from tests.integration.service import Service


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("1.2.3")


@pytest.fixture(scope="session")
def figures(services: Callable[[str], Service], issuer: Issuer) -> Figures:
    """Read the metrics of a service after calls over both transports and a refusal."""
    service = services("sqlite")
    with httpx.Client(base_url=service.url, timeout=30) as client:
        for path in (OPERATION, STATUS_OPERATION):
            Caller(client, issuer.access_token()).call(path=path)
        Caller(client, issuer.access_token()).call(changes={"X-Org-Public-Id": str(NOT_GRANTED)})
        client.post(CONFIRM, headers={"Authorization": f"Bearer {issuer.portal_token()}"})
        client.get("/health/ready")
    with grpc_client(service.grpc_port) as called:
        sent = metadata(issuer.access_token())
        called.raw(GENERATE)(next(stream_of(ADULT)).SerializeToString(), metadata=sent)
        list(called.stream(stream_of(ADULT), metadata=sent))
        called.check_health(HealthCheckRequest())
    wait_until(lambda: collect(service.url).sum("invitations_requests_total", transport="grpc") >= 4)
    return collect(service.url)
