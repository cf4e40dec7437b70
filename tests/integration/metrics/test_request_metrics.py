"""Requests are counted by the fields of their log line."""

import logging

import pytest

from adapters.grpc.status_codes import name_of
from adapters.serving.request_log import LogLine
from adapters.telemetry.prometheus import Metrics
from tests.integration.metrics.support.figures import figures_of

ROUTE = "/fhir/Patient/$status-query"


@pytest.fixture
def line(metrics: Metrics) -> LogLine:
    return LogLine(logging.getLogger("test"), "request", "id", metrics.requests.observer("http"))


def test_a_request_is_counted_by_transport_route_and_status(metrics: Metrics, line: LogLine) -> None:
    line.note(route=ROUTE, status=200, caller="somebody", organisation="a hospital")

    line.write()

    figures = figures_of(metrics)
    assert figures.sum("invitations_requests_total", transport="http", route=ROUTE, status="200") == 1
    assert figures.labels["invitations_requests_total"] == {"transport", "route", "status"}


def test_a_request_is_counted_when_logging_is_off(metrics: Metrics) -> None:
    silent = logging.getLogger("test.silent")
    silent.setLevel("ERROR")
    line = LogLine(silent, "request", "id", metrics.requests.observer("http"))

    line.write()

    assert figures_of(metrics).sum("invitations_requests_total") == 1


def test_its_duration_is_in_seconds(metrics: Metrics) -> None:
    observe = metrics.requests.observer("http")

    observe("request", {"route": ROUTE, "status": 200}, 0.03)

    figures = figures_of(metrics)
    assert figures.sum("invitations_request_duration_seconds_sum", route=ROUTE) == 0.03
    assert figures.sum("invitations_request_duration_seconds_bucket", le="0.025") == 0
    assert figures.sum("invitations_request_duration_seconds_bucket", le="0.05") == 1


def test_a_refusal_is_counted_by_its_cause(metrics: Metrics, line: LogLine) -> None:
    line.note(route=ROUTE, status=403, refusal="OrganisationForbidden")

    line.write()

    assert figures_of(metrics).by("cause", "invitations_refusals_total", transport="http") == {
        "OrganisationForbidden": 1
    }


def test_a_request_without_a_refusal_counts_no_refusal(metrics: Metrics, line: LogLine) -> None:
    line.write()

    assert figures_of(metrics).sum("invitations_refusals_total") == 0


def test_a_part_of_a_request_is_counted_by_what_the_log_calls_it(metrics: Metrics, line: LogLine) -> None:
    batch = line.part("batch")
    batch.note(status=0)

    batch.write()

    assert figures_of(metrics).by("route", "invitations_requests_total") == {"batch": 1}


def test_requests_without_a_route_are_counted_together(metrics: Metrics) -> None:
    observe = metrics.requests.observer("http")

    observe("request", {"route": "", "status": 404}, 0.001)

    assert figures_of(metrics).by("route", "invitations_requests_total") == {"none": 1}


def test_a_request_whose_caller_hung_up_has_no_status(metrics: Metrics, line: LogLine) -> None:
    line.write()

    assert figures_of(metrics).by("status", "invitations_requests_total") == {"none": 1}


def test_statuses_of_grpc_have_their_names(metrics: Metrics) -> None:
    observe = metrics.requests.observer("grpc", name_of)

    for number in (0, 14):
        observe("request", {"route": "/x.Y/Z", "status": number}, 0.001)

    assert figures_of(metrics).by("status", "invitations_requests_total", transport="grpc") == {
        "OK": 1,
        "UNAVAILABLE": 1,
    }
