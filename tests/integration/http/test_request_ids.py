"""The id by which a request is spoken of."""

from uuid import UUID

import pytest

from tests.integration.http.support.call import OPERATION, Caller
from tests.integration.service import Service


@pytest.mark.parametrize("request_id", ["a", "2027-01.A_z", "x" * 64, "b6d3-99900000181", "a9990000018"])
def test_gives_the_callers_own_id_back(caller: Caller, request_id: str) -> None:
    response = caller.call(changes={"X-Request-Id": request_id})

    assert response.headers.get_list("X-Request-Id") == [request_id]


@pytest.mark.parametrize(
    "request_id",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("x" * 65, id="too_long"),
        pytest.param("9990000018", id="maybe_a_patient"),
        pytest.param("letter-9990000018", id="maybe_a_patient_at_the_end"),
        pytest.param("9990000018.2", id="maybe_a_patient_at_the_start"),
        pytest.param("one two", id="space"),
        pytest.param('{"level":"ERROR"}', id="json"),
        pytest.param("caf\N{LATIN SMALL LETTER E WITH ACUTE}", id="not_ascii"),
    ],
)
def test_makes_an_id_where_the_callers_is_of_no_use(caller: Caller, request_id: str | None) -> None:
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


def test_gives_every_request_an_id_of_its_own(caller: Caller) -> None:
    ids = {caller.call(changes={"X-Request-Id": None}).headers["X-Request-Id"] for _ in range(10)}

    assert len(ids) == 10


def test_logs_the_id_under_which_it_answered(service: Service, caller: Caller) -> None:
    request_id = caller.call(changes={"X-Request-Id": None}).headers["X-Request-Id"]

    assert service.log_line(request_id)["status"] == 200
