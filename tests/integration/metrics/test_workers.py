"""Two workers count together: each of them reports the metrics of both."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.integration.grpc.support.client import GENERATE, STREAM, grpc_client, metadata
from tests.integration.grpc.support.in_process import stream_of
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller, asking_for
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import (
    ADULT,
    CROWD,
    DECEASED,
    HOSPITAL,
    NOT_GRANTED,
    UNKNOWN_PATIENT,
)
from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.metrics.support.figures import Figures, collect
from tests.integration.service import Service, running_service

pytestmark = pytest.mark.full

CALLS = 20
"""So many new connections that the odds of one worker getting all are 1 to 2^19."""

_keys = count(1)


class Watched:
    """A service, and the growth of its metrics since the test began."""

    def __init__(self, service: Service, issuer: Issuer) -> None:
        self.service = service
        self.access_token = issuer.access_token()
        self._before = collect(service.url)

    def call(self, *, path: str = OPERATION, changes: Mapping[str, str] | None = None) -> httpx.Response:
        """Call over a new connection."""
        with httpx.Client(base_url=self.service.url, timeout=30) as client:
            body = asking_for(ADULT, DECEASED, UNKNOWN_PATIENT)
            return Caller(client, self.access_token).call(body, changes, path=path)

    def gain(self, name: str, **labels: str) -> float:
        """Return by how much a metric has grown. Each worker answers the same."""
        [figure] = {figures.sum(name, **labels) for figures in self._collect()}
        return figure - self._before.sum(name, **labels)

    def wait_for(self, number: int, route: str, **labels: str) -> None:
        """Wait until this number of requests are counted, which happens just after their answers."""
        name = "invitations_requests_total"
        wait_until(
            lambda: (
                collect(self.service.url).sum(name, route=route, **labels)
                >= self._before.sum(name, route=route, **labels) + number
            )
        )

    def _collect(self) -> list[Figures]:
        return [collect(self.service.url) for _answer in range(6)]


@pytest.fixture(scope="module")
def environment(environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    return environments("sqlite")


@pytest.fixture(scope="module")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("service") / "log"
    with running_service(environment, log, workers=2, grpc=True) as running:
        wait_until(lambda: len(workers_of(running.process.pid)) == 2)
        yield running


@pytest.fixture
def watched(service: Service, issuer: Issuer) -> Watched:
    return Watched(service, issuer)


def test_every_worker_counts_every_call_once(watched: Watched) -> None:
    for _call in range(CALLS):
        watched.call().raise_for_status()
    watched.wait_for(CALLS, OPERATION)

    assert (
        watched.gain("invitations_requests_total", transport="http", route=OPERATION, status="200") == CALLS
    )
    assert watched.gain("invitations_request_duration_seconds_count", route=OPERATION) == CALLS
    assert watched.gain("invitations_calls_recorded_total", outcome="carried-out") == CALLS
    assert watched.gain("invitations_identifiers_asked_total") == 3 * CALLS
    assert watched.gain("invitations_issued_total") == CALLS
    assert watched.gain("invitations_identifiers_omitted_total", reason="deceased") == CALLS
    assert watched.gain("invitations_identifiers_omitted_total", reason="not-found") == CALLS
    assert watched.gain("invitations_identifiers_omitted_total") == 2 * CALLS


def gauges(service: Service) -> list[float]:
    """List the metrics that each worker has from its start."""
    names = ("workers", "requests_in_progress_limit", "database_connections_limit")
    figures = collect(service.url)
    return [figures.sum(f"invitations_{name}") for name in names]


def test_a_worker_that_is_killed_leaves_its_counters_and_takes_its_gauges(watched: Watched) -> None:
    for _call in range(CALLS):
        watched.call().raise_for_status()
    watched.wait_for(CALLS, OPERATION)
    main = watched.service.process.pid
    before = gauges(watched.service)
    killed = min(workers_of(main))

    os.kill(killed, signal.SIGKILL)

    wait_until(lambda: len(workers_of(main) - {killed}) == 2)
    wait_until(lambda: gauges(watched.service) == before)
    watched.call().raise_for_status()
    watched.wait_for(CALLS + 1, OPERATION)
    assert watched.gain("invitations_requests_total", route=OPERATION) == CALLS + 1
    assert watched.gain("invitations_issued_total") == CALLS + 1
    assert gauges(watched.service) == before


def test_a_replayed_answer_issues_nothing(watched: Watched) -> None:
    key = {"Idempotency-Key": f"letters-{next(_keys)}"}

    for _call in range(3):
        watched.call(changes=key).raise_for_status()

    assert watched.gain("invitations_issued_total") == 1
    assert watched.gain("invitations_calls_recorded_total", outcome="carried-out") == 1
    assert watched.gain("invitations_calls_recorded_total", outcome="answered-again") == 2


def test_a_query_for_status_is_counted_under_its_operation(watched: Watched) -> None:
    watched.call(path=STATUS_OPERATION).raise_for_status()

    assert watched.gain("invitations_identifiers_asked_total", operation="status-query") == 3
    assert watched.gain("invitations_identifiers_asked_total") == 3
    assert watched.gain("invitations_issued_total") == 0


def test_refusals_are_counted_by_cause(watched: Watched) -> None:
    watched.call(changes={"X-Org-Public-Id": str(NOT_GRANTED)})
    watched.call(changes={"Authorization": "Bearer forged"})
    watched.wait_for(1, OPERATION, status="401")

    assert watched.gain("invitations_refusals_total", transport="http", cause="OrganisationForbidden") == 1
    assert watched.gain("invitations_refusals_total", transport="http", cause="AccessTokenInvalid") == 1
    assert watched.gain("invitations_calls_recorded_total", outcome="organisation-forbidden") == 1


def test_calls_over_grpc_are_counted_under_their_transport(watched: Watched) -> None:
    sent = metadata(watched.access_token)
    with grpc_client(watched.service.grpc_port) as client:
        message = next(stream_of(ADULT))
        client.raw(GENERATE)(message.SerializeToString(), metadata=sent)
        list(client.stream(stream_of(*CROWD, ADULT), metadata=sent))
    watched.wait_for(1, STREAM)

    assert watched.gain("invitations_requests_total", transport="grpc", route=GENERATE, status="OK") == 1
    assert watched.gain("invitations_requests_total", transport="grpc", route=STREAM, status="OK") == 1
    assert watched.gain("invitations_requests_total", transport="grpc", route="batch", status="OK") == 2
    assert watched.gain("invitations_issued_total") == 1 + len(CROWD) + 1


def test_no_label_holds_a_caller_or_a_patient(watched: Watched) -> None:
    watched.call(path=f"/fhir/Patient/{ADULT.value}")
    watched.call(path=f"/{CLIENT_ID}")
    watched.wait_for(2, "none", status="404")

    text = httpx.get(f"{watched.service.url}/metrics").text
    found = [each for each in (ADULT.value, CLIENT_ID, str(HOSPITAL), "Patient/9") if each in text]
    assert found == []


def test_only_the_owner_can_read_the_files_and_the_service_deletes_them(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    settings = {**environment, "TMPDIR": str(tmp_path)}

    with running_service(settings, tmp_path / "log"):
        [directory] = tmp_path.glob("invitations-metrics-*")
        mode = directory.stat().st_mode & 0o777

    assert mode == 0o700
    assert not directory.exists()
