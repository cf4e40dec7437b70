"""Probes."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from adapters.grpc.server import DRAIN_SECONDS
from tests.integration.grpc.support.client import PATIENCE_SECONDS, SERVICE, GrpcClient, grpc_client
from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.service import Service

SERVING, NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


def watching(client: GrpcClient, service: str = "") -> Iterator[HealthCheckResponse]:
    watch = client.channel.unary_stream(
        "/grpc.health.v1.Health/Watch", HealthCheckRequest.SerializeToString, HealthCheckResponse.FromString
    )
    return watch(HealthCheckRequest(service=service), timeout=PATIENCE_SECONDS)


@pytest.fixture
def lost_service(lost_environment: Mapping[str, str], tmp_path: Path) -> Iterator[Service]:
    with serving_grpc(lost_environment, tmp_path / "log") as running:
        yield running


@pytest.mark.parametrize("name", ["", SERVICE, "grpc.health.v1.Health"])
def test_a_service_that_can_work_is_serving(client: GrpcClient, name: str) -> None:
    assert client.check_health(HealthCheckRequest(service=name), PATIENCE_SECONDS).status == SERVING


def test_a_service_without_its_database_is_not_serving(lost_service: Service) -> None:
    with grpc_client(lost_service.grpc_port) as client:
        assert client.check_health(HealthCheckRequest(), PATIENCE_SECONDS).status == NOT_SERVING


def test_an_unknown_service_is_not_found(client: GrpcClient) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        client.check_health(HealthCheckRequest(service="Nothing"), PATIENCE_SECONDS)

    assert refused.value.code() == grpc.StatusCode.NOT_FOUND


def test_watching_an_unknown_service_reports_it_as_unknown(client: GrpcClient) -> None:
    answer = next(watching(client, "Nothing"))

    assert answer.status == HealthCheckResponse.SERVICE_UNKNOWN


def test_watching_reports_the_shutdown_and_does_not_delay_it(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    with serving_grpc(environment, tmp_path / "log") as service, grpc_client(service.grpc_port) as client:
        answers = watching(client)
        statuses = [next(answers).status]
        start = time.monotonic()

        exit_code = service.stop()

        statuses += [answer.status for answer in answers]
        seconds = time.monotonic() - start
    assert statuses == [SERVING, NOT_SERVING]
    assert (exit_code, seconds < DRAIN_SECONDS) == (0, True)
