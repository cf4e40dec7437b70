"""The rows of the error table on methods, paths and requests that are not HTTP."""

import pytest

from tests.integration.http.support.call import OPERATION, Caller, request_headers
from tests.integration.http.support.raw_http import connection
from tests.integration.http.support.refused import NOT_HTTP, refusal_in, refused
from tests.integration.service import Service

NOT_FOUND = refused(404, "not-found", "There is nothing at this path.")
NOT_ALLOWED = refused(
    405,
    "not-supported",
    "The path does not take this method; it takes OPTIONS, POST.",
    Allow="OPTIONS, POST",
)


@pytest.fixture
def caller(caller_of_each: Caller) -> Caller:
    return caller_of_each


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "INVITE"])
def test_refuses_a_method_other_than_post(caller: Caller, method: str) -> None:
    response = caller.call(method=method)

    assert refusal_in(response) == NOT_ALLOWED


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    [
        "/fhir",
        "/fhir/",
        "/fhir/Patient",
        "/fhir/Patient/9992000007",
        "/fhir/Organization/$generate",
        "/fhir/Organization/generate-invitation-tokens",
        "/fhir/Patient/$generate-invitation-tokens",
        "/fhir/$generate-invitation-tokens",
        "/fhir/Organization/$status-query",
        "/fhir/$status-query",
        f"{OPERATION}/more",
        f"{OPERATION}x",
        "/fhir/%00",
        "/fhir/%FF",
        "/fhir/Patient?identifier=9992000007",
        "/FHIR/Organization/$generate-invitation-tokens",
        "/fhirs",
        "/",
        "/favicon.ico",
        "/health",
    ],
)
def test_finds_nothing_at_other_paths(caller: Caller, method: str, path: str) -> None:
    response = caller.call(method=method, path=path)

    assert refusal_in(response) == NOT_FOUND


@pytest.mark.parametrize("host", ["a b", "<>", "a/b", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_refuses_a_host_that_is_none(service: Service, caller: Caller, host: str) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Content-Length", "0"), host=host)

        response = raw.receive()

    assert refusal_in(response) == NOT_HTTP
