"""The main process: what becomes of its workers when it is killed, or told to read its settings again."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.service import Service, free_port, running_service

KEYS = "INVITATIONS_TOKEN_KEYS"


@pytest.fixture
def key_file(lost_environment: Mapping[str, str], tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.write_text(lost_environment[KEYS])
    return file


@pytest.fixture
def environment(lost_environment: Mapping[str, str], key_file: Path) -> Mapping[str, str]:
    """Give settings whose keys are in a file."""
    others = {name: text for name, text in lost_environment.items() if name != KEYS}
    return {**others, f"{KEYS}_FILE": str(key_file)}


def _messages(service: Service) -> list[object]:
    return [line["message"] for line in service.log_lines() if line["logger"] == "invitations.serve"]


def _is_live(service: Service) -> bool:
    return httpx.get(f"{service.url}/health/live").is_success


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGQUIT, signal.SIGUSR1])
def test_workers_end_with_a_main_process_that_is_killed(
    environment: Mapping[str, str], tmp_path: Path, kill: signal.Signals
) -> None:
    with running_service(environment, tmp_path / "log", workers=2) as service:
        workers = workers_of(service.process.pid)

        os.kill(service.process.pid, kill)

        wait_until(lambda: not any(_runs(worker) for worker in workers))
    assert len(workers) == 2


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_new_workers_take_the_place_of_the_old_ones_at_sighup(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    with running_service(environment, tmp_path / "log") as service:
        before = workers_of(service.process.pid)

        os.kill(service.process.pid, signal.SIGHUP)

        wait_until(lambda: _messages(service) == ["reloaded"])
        after = workers_of(service.process.pid)
        assert _is_live(service)
    assert before & after == set()


def test_wrong_settings_are_refused_at_sighup_and_the_service_goes_on_with_the_good_ones(
    environment: Mapping[str, str], key_file: Path, tmp_path: Path
) -> None:
    with running_service(environment, tmp_path / "log") as service:
        [before] = workers_of(service.process.pid)
        key_file.write_text("no key")

        os.kill(service.process.pid, signal.SIGHUP)

        wait_until(lambda: _messages(service) == ["not reloaded"])
        assert workers_of(service.process.pid) == {before}
        # a worker that is replaced later has the good settings too
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: bool(workers_of(service.process.pid) - {before}))
        wait_until(lambda: _answers(service))
    [line] = [line for line in service.log_lines() if line["message"] == "not reloaded"]
    assert str(line["problem"]).startswith(KEYS)
    assert "no key" not in str(line)


def _answers(service: Service) -> bool:
    try:
        return _is_live(service)
    except httpx.TransportError:
        return False


def test_metrics_are_answered_on_their_own_port_alone(environment: Mapping[str, str], tmp_path: Path) -> None:
    port = free_port()
    with running_service(environment, tmp_path / "log", metrics_port=port) as service:
        on_main_port = httpx.get(f"{service.url}/metrics")
        metrics = httpx.get(f"http://127.0.0.1:{port}/metrics")

    assert on_main_port.status_code == 404
    assert "invitations_workers 1.0" in metrics.text


def test_another_spelling_of_a_path_is_not_answered(environment: Mapping[str, str], tmp_path: Path) -> None:
    spellings = ["/metrics/", "//metrics", "/%6detrics", "//health/ready", "/health/live/"]
    with running_service(environment, tmp_path / "log") as service:
        statuses = [_status(service, path) for path in ("/metrics", *spellings)]

    assert statuses == [200, *[404] * len(spellings)]


def _status(service: Service, raw_path: str) -> int:
    return httpx.get(httpx.URL(service.url, raw_path=raw_path.encode())).status_code
