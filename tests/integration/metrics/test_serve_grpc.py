"""The service for gRPC alone reports its metrics on a separate port."""

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest

from tests.integration.grpc.support.client import grpc_client
from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.http.support.processes import wait_until
from tests.integration.metrics.support.figures import collect
from tests.integration.service import Service

pytestmark = pytest.mark.full

CHECKS = 10


@pytest.fixture
def environment(environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    return environments("sqlite")


def check_health(service: Service) -> None:
    """Call over new connections, which any worker may accept."""
    for _call in range(CHECKS):
        with grpc_client(service.grpc_port) as client:
            client.check_health(HealthCheckRequest())


def checks(service: Service) -> float:
    name = "invitations_requests_total"
    return collect(service.url).sum(name, transport="grpc", route="/grpc.health.v1.Health/Check", status="OK")


def test_a_single_worker_reports_its_calls(environment: Mapping[str, str], tmp_path: Path) -> None:
    with serving_grpc(environment, tmp_path / "log", metrics=True) as service:
        check_health(service)

        wait_until(lambda: checks(service) == CHECKS)
        assert collect(service.url).sum("invitations_workers") == 1


def test_each_worker_reports_the_calls_of_all_even_of_a_killed_one(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    settings = {**environment, "TMPDIR": str(tmp_path)}
    with serving_grpc(settings, tmp_path / "log", workers=2, metrics=True) as service:
        wait_until(lambda: collect(service.url).sum("invitations_workers") == 2)
        check_health(service)
        wait_until(lambda: checks(service) == CHECKS)
        [directory] = tmp_path.glob("invitations-metrics-*")
        killed = int(next(directory.glob("gauge_livesum_*.db")).stem.rpartition("_")[2])

        os.kill(killed, signal.SIGKILL)

        wait_until(lambda: collect(service.url).sum("invitations_workers") == 1)
        wait_until(lambda: collect(service.url).sum("invitations_workers") == 2)
        assert checks(service) == CHECKS
