"""How the service ends, and how it replaces its workers."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest

from adapters.grpc.generated.invitations.v1.invitations_pb2 import GenerateInvitationTokensStreamRequest
from tests.integration.grpc.support.client import PATIENCE_SECONDS, grpc_client, metadata
from tests.integration.grpc.support.in_process import stream_of
from tests.integration.grpc.support.refused import refusal_of
from tests.integration.grpc.support.serving import serving_grpc
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD
from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.service import STOP_SECONDS, Service, running_service

WORKERS = 2


def is_answering(service: Service) -> bool:
    try:
        with grpc_client(service.grpc_port, wait=False) as client:
            client.check_health(HealthCheckRequest(), PATIENCE_SECONDS)
    except grpc.RpcError:
        return False
    return True


def has_ended(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


def answering_workers(service: Service) -> set[int]:
    """List the children of the main process, without the library's own."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in workers_of(service.process.pid)}
    return {pid for pid, command in commands.items() if b"spawn_main" in command}


@pytest.mark.parametrize(
    "with_http",
    [pytest.param(False, id="grpc", marks=pytest.mark.full), pytest.param(True, id="http-and-grpc")],
)
def test_a_running_stream_ends_after_the_batches_that_were_read(
    environment: Mapping[str, str], issuer: Issuer, tmp_path: Path, *, with_http: bool
) -> None:
    log = tmp_path / "log"
    running = running_service(environment, log, grpc=True) if with_http else serving_grpc(environment, log)
    messages: SimpleQueue[GenerateInvitationTokensStreamRequest] = SimpleQueue()
    for message in stream_of(*CROWD * 3):
        messages.put(message)
    with running as service, grpc_client(service.grpc_port) as client:
        call = client.stream(iter(messages.get, None), PATIENCE_SECONDS, metadata(issuer.access_token()))
        answers = [next(call)]
        start = time.monotonic()

        service.process.terminate()

        with pytest.raises(grpc.RpcError) as ended:
            answers += call
        exit_code = service.process.wait(STOP_SECONDS)
        seconds = time.monotonic() - start
        messages.put(GenerateInvitationTokensStreamRequest())
    assert {len(answer.tokens.invited) for answer in answers} == {500}
    assert refusal_of(ended.value).reason == "STOPPING"
    assert (exit_code, seconds < STOP_SECONDS) == (0, True)


@pytest.mark.full
def test_a_worker_that_is_killed_is_replaced(lost_environment: Mapping[str, str], tmp_path: Path) -> None:
    with serving_grpc(lost_environment, tmp_path / "log", workers=WORKERS) as service:
        wait_until(lambda: len(answering_workers(service)) == WORKERS)
        killed, survivor = answering_workers(service)

        os.kill(killed, signal.SIGKILL)

        wait_until(lambda: len(answering_workers(service) - {killed}) == WORKERS)
        assert survivor in answering_workers(service)
        wait_until(lambda: all(is_answering(service) for _ in range(5)))


@pytest.mark.full
def test_workers_end_with_the_service(lost_environment: Mapping[str, str], tmp_path: Path) -> None:
    with serving_grpc(lost_environment, tmp_path / "log", workers=WORKERS) as service:
        wait_until(lambda: len(answering_workers(service)) == WORKERS)
        workers = answering_workers(service)

        exit_code = service.stop()

    assert exit_code == 0
    assert all(has_ended(worker) for worker in workers)


@pytest.mark.full
def test_workers_end_when_the_main_process_is_killed(
    lost_environment: Mapping[str, str], tmp_path: Path
) -> None:
    with serving_grpc(lost_environment, tmp_path / "log", workers=WORKERS) as service:
        wait_until(lambda: len(answering_workers(service)) == WORKERS and is_answering(service))
        workers = answering_workers(service)

        service.process.kill()

        wait_until(lambda: all(has_ended(worker) for worker in workers))


@pytest.mark.full
def test_workers_answer_on_one_port(lost_environment: Mapping[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running_service(lost_environment, log, workers=WORKERS, grpc=True) as service:
        wait_until(lambda: len(workers_of(service.process.pid)) == WORKERS)

        assert all(is_answering(service) for _ in range(10))
