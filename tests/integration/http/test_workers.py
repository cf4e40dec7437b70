"""Several workers behind one port."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.integration.http.support.processes import sockets_of, wait_until, workers_of
from tests.integration.service import Service, running_service

pytestmark = pytest.mark.full

CONNECTIONS = 40
"""So many that the odds of all of them meeting one worker are 1 to 2^39."""


@pytest.fixture(scope="module")
def service(
    lost_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("workers") / "log"
    with running_service(lost_environment, log, workers=2) as running:
        wait_until(lambda: len(workers_of(running.process.pid)) == 2)
        yield running


def is_live(service: Service) -> bool:
    try:
        return httpx.get(f"{service.url}/health/live").is_success
    except httpx.TransportError:
        return False


def test_share_the_connections(service: Service) -> None:
    workers = workers_of(service.process.pid)
    before = {worker: sockets_of(worker) for worker in workers}

    with ExitStack() as open_clients:
        for _ in range(CONNECTIONS):
            client = open_clients.enter_context(httpx.Client(base_url=service.url, timeout=30))
            client.get("/health/live").raise_for_status()
        gained = {worker: sockets_of(worker) - before[worker] for worker in workers}

    assert min(gained.values()) > 0


def test_are_replaced_when_they_are_killed(service: Service) -> None:
    killed, survivor = workers_of(service.process.pid)

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: len(workers_of(service.process.pid) - {killed}) == 2)
    assert survivor in workers_of(service.process.pid)
    wait_until(lambda: all(is_live(service) for _ in range(20)))


def test_end_with_the_service(service: Service) -> None:
    workers = workers_of(service.process.pid)

    exit_code = service.stop()

    assert exit_code == 0
    assert [worker for worker in workers if Path(f"/proc/{worker}").exists()] == []
