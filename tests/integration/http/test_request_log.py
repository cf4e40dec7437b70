"""The log line of a request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller, Changes, asking_for
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import (
    ADULT,
    BY_CHI_NUMBER,
    HOSPITAL,
    INELIGIBLE,
    NOT_GRANTED,
    SAME_BY_NHS_NUMBER,
)
from tests.integration.service import Service


@pytest.fixture
def request_id() -> str:
    return f"logged-{uuid4().hex}"


def fields(line: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: line.get(name) for name in names}


def test_holds_the_caller_and_the_counts(service: Service, caller: Caller, request_id: str) -> None:
    caller.call(
        asking_for(*INELIGIBLE, ADULT, BY_CHI_NUMBER, SAME_BY_NHS_NUMBER), {"X-Request-Id": request_id}
    )

    line = service.log_line(request_id)
    assert fields(line, "message", "status", "caller", "organisation", "asked", "issued", "omitted") == {
        "message": "request",
        "status": 200,
        "caller": CLIENT_ID,
        "organisation": str(HOSPITAL),
        "asked": len(INELIGIBLE) + 3,
        "issued": 2,
        "omitted": {
            "not-found": 2,
            "no-care-relationship": 1,
            "not-to-be-invited": 1,
            "deceased": 1,
            "already-registered": 1,
            "no-date-of-birth": 1,
            "under-minimum-age": 1,
        },
    }


def test_holds_route_duration_and_audit_event(service: Service, caller: Caller, request_id: str) -> None:
    response = caller.call(changes={"X-Request-Id": request_id})

    line = service.log_line(request_id)
    duration: Any = line["duration_ms"]
    assert fields(line, "method", "route") == {"method": "POST", "route": OPERATION}
    assert 0 < duration <= response.elapsed.total_seconds() * 1000 + 1000
    assert str(UUID(str(line["audit_id"]))) == line["audit_id"]


def test_holds_the_caller_and_the_count_of_a_status_query(
    service: Service, caller: Caller, request_id: str
) -> None:
    caller.call(asking_for(*INELIGIBLE, ADULT), {"X-Request-Id": request_id}, path=STATUS_OPERATION)

    line = service.log_line(request_id)
    assert fields(line, "route", "status", "caller", "organisation", "asked") == {
        "route": STATUS_OPERATION,
        "status": 200,
        "caller": CLIENT_ID,
        "organisation": str(HOSPITAL),
        "asked": len(INELIGIBLE) + 1,
    }
    assert str(UUID(str(line["audit_id"]))) == line["audit_id"]


def test_has_one_line_a_request(service: Service, caller: Caller, request_id: str) -> None:
    for _ in range(3):
        caller.call(changes={"X-Request-Id": request_id})

    lines = service.log_lines_of(request_id, 3)
    assert [line["message"] for line in lines] == ["request"] * 3


@pytest.mark.parametrize(
    ("changes", "logged"),
    [
        pytest.param({"Authorization": None}, (401, "AccessTokenMissing", None), id="nobody"),
        pytest.param(
            {"X-Org-Public-Id": None}, (400, "OrganisationMissing", CLIENT_ID), id="no_organisation"
        ),
        pytest.param(
            {"X-Org-Public-Id": str(NOT_GRANTED)}, (403, "OrganisationForbidden", CLIENT_ID), id="not_granted"
        ),
        pytest.param({"Accept": "text/html"}, (406, "NotAcceptable", CLIENT_ID), id="accept"),
    ],
)
def test_holds_the_refusal_and_the_caller(
    service: Service, caller: Caller, request_id: str, changes: Changes, logged: tuple[object, ...]
) -> None:
    caller.call(changes={"X-Request-Id": request_id, **changes})

    line = service.log_line(request_id)
    assert (line["status"], line["refusal"], line.get("caller")) == logged


def test_holds_the_client_whose_token_lacks_the_scope(
    service: Service, caller: Caller, issuer: Issuer, request_id: str
) -> None:
    authorization = f"Bearer {issuer.access_token(scope='other')}"

    caller.call(changes={"X-Request-Id": request_id, "Authorization": authorization})

    assert fields(service.log_line(request_id), "status", "caller") == {"status": 403, "caller": CLIENT_ID}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/fhir/Patient/{}", 404), ("/fhir/Patient?identifier={}", 404), (OPERATION + "?identifier={}", 200)],
)
def test_holds_no_path(service: Service, caller: Caller, request_id: str, path: str, status: int) -> None:
    response = caller.call(path=path.format(ADULT.value), changes={"X-Request-Id": request_id})

    line = service.log_line(request_id)
    assert (response.status_code, line["status"]) == (status, status)
    assert ADULT.value not in service.log.read_text()


def test_is_json_line_by_line(service: Service, caller: Caller, request_id: str) -> None:
    caller.call(changes={"X-Request-Id": request_id})

    service.log_line(request_id)
    assert all({"level", "logger", "message", "time"} <= line.keys() for line in service.log_lines())
