"""How the service ends."""

import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.integration.http.support.call import answered, asking_for, request_headers
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.http.support.raw_http import connection
from tests.integration.service import STOP_SECONDS, running_service

pytestmark = pytest.mark.full

BODY = asking_for(ADULT)


def refuses_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_answers_the_request_in_progress_before_it_ends(
    environment: Mapping[str, str], issuer: Issuer, tmp_path: Path
) -> None:
    headers = request_headers(issuer.access_token(), {"Expect": "100-continue"})

    with running_service(environment, tmp_path / "log") as service, connection(service.port) as raw:
        raw.send_head(headers, ("Content-Length", f"{len(BODY)}"))
        raw.wait_for_continue()
        service.process.terminate()
        wait_until(lambda: refuses_connections(service.port))
        raw.send(BODY)

        response = raw.receive()

        exit_code = service.process.wait(STOP_SECONDS)

    assert [entry.identifier for entry in answered(response)] == [ADULT]
    assert exit_code == 0
    assert not service.had_to_be_killed()


def test_ends_at_once_without_requests_in_progress(
    lost_environment: Mapping[str, str], tmp_path: Path
) -> None:
    with running_service(lost_environment, tmp_path / "log") as service:
        exit_code = service.stop()

    assert exit_code == 0
    assert not service.had_to_be_killed()
    assert "ERROR" not in {line["level"] for line in service.log_lines()}


def test_ends_at_once_when_a_worker_does_not_serve_yet(
    lost_environment: Mapping[str, str], tmp_path: Path
) -> None:
    with running_service(lost_environment, tmp_path / "log") as service:
        [old] = workers_of(service.process.pid)
        os.kill(old, signal.SIGKILL)
        wait_until(lambda: bool(workers_of(service.process.pid) - {old}))

        exit_code = service.stop()

    assert exit_code == 0
    assert not service.had_to_be_killed()
