"""The id of a request."""

from uuid import UUID

import pytest

from tests.integration.http.support.call import OPERATION, Caller
from tests.integration.service import Service


def test_gives_the_callers_own_id_back(caller: Caller) -> None:
    response = caller.call(changes={"X-Request-Id": "2027-01.A_z"})

    assert response.headers.get_list("X-Request-Id") == ["2027-01.A_z"]


@pytest.mark.parametrize(
    "request_id",
    [pytest.param(None, id="none"), pytest.param("letter-9990000018", id="maybe_a_patient")],
)
def test_makes_an_id_if_the_callers_is_unusable(caller: Caller, request_id: str | None) -> None:
    response = caller.call(changes={"X-Request-Id": request_id})

    [given] = response.headers.get_list("X-Request-Id")
    assert str(UUID(given)) == given


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/fhir/Patient", 404), ("GET", OPERATION, 405), ("GET", "/health/live", 200)],
)
def test_gives_the_id_back_whatever_the_answer(caller: Caller, method: str, path: str, status: int) -> None:
    response = caller.call(method=method, path=path, changes={"X-Request-Id": "from-outside"})

    assert (response.status_code, response.headers["X-Request-Id"]) == (status, "from-outside")


def test_logs_the_id_under_which_it_answered(service: Service, caller: Caller) -> None:
    request_id = caller.call(changes={"X-Request-Id": None}).headers["X-Request-Id"]

    assert service.log_line(request_id)["status"] == 200
