"""The rows of the error table on methods, paths and requests that are not HTTP."""

import httpx
import pytest

from tests.integration.http.support.call import OPERATION, Caller, request_headers
from tests.integration.http.support.raw_http import connection
from tests.integration.http.support.refused import NOT_HTTP, Refused, refusal_in, refused
from tests.integration.service import Service

GENERATE = "POST /fhir/Organization/$generate-invitation-tokens"
CALLS = (
    f"{GENERATE}, POST /fhir/Patient/$status-query, POST /fhir/Patient/$invitation-status, "
    "POST /fhir/Patient/$revoke-invitations, POST /fhir/Patient/$claim-invitation "
    "and POST /fhir/Patient/$confirm-registration"
)
NOT_FOUND = refused(404, "not-found", "There is nothing at this path.")
NOT_FOUND_IN_FHIR = refused(
    404,
    "not-found",
    f"There is nothing at this path. There are {CALLS}, "
    "and to read CodeSystem, OperationDefinition and metadata.",
)
ELSEWHERE = refused(404, "not-found", f"The operation is on the type Organization: {GENERATE}.")
NO_OPERATION = refused(404, "not-found", f"There is no such operation. There are {CALLS}.")
NO_DEFINITION = refused(
    404,
    "not-found",
    "There is no OperationDefinition of this id. "
    "There are Organization-t-generate-invitation-tokens, Patient-t-claim-invitation, "
    "Patient-t-confirm-registration, Patient-t-invitation-status, Patient-t-revoke-invitations "
    "and Patient-t-status-query.",
)
NO_CODE_SYSTEM = refused(
    404, "not-found", "There is no CodeSystem of this id. There are omission-reason and response-code."
)
NOT_ALLOWED = refused(
    405,
    "not-supported",
    "The path does not take this method; it takes OPTIONS, POST.",
    Allow="OPTIONS, POST",
)
READ_ONLY = refused(
    405,
    "not-supported",
    "The path does not take this method; it takes GET, HEAD, OPTIONS.",
    Allow="GET, HEAD, OPTIONS",
)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "INVITE"])
def test_refuses_a_method_other_than_post(caller_of_each: Caller, method: str) -> None:
    response = caller_of_each.call(method=method)

    assert refusal_in(response) == NOT_ALLOWED


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", NOT_FOUND),
        ("/fhirs", NOT_FOUND),
        ("/fhir/", NOT_FOUND_IN_FHIR),
        ("/fhir/%00", NOT_FOUND_IN_FHIR),
        ("/fhir/%FF", NOT_FOUND_IN_FHIR),
        ("/fhir/Patient?identifier=9992000007", NOT_FOUND_IN_FHIR),
        (f"{OPERATION}/more", NOT_FOUND_IN_FHIR),
        ("/fhir/$generate-invitation-tokens", ELSEWHERE),
        (f"{OPERATION}x", NO_OPERATION),
    ],
)
def test_names_the_existing_paths_under_an_unknown_one(
    caller: Caller, method: str, path: str, expected: Refused
) -> None:
    response = caller.call(method=method, path=path)

    assert refusal_in(response) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/fhir/OperationDefinition/9992000007", NO_DEFINITION),
        ("/fhir/CodeSystem/9992000007", NO_CODE_SYSTEM),
    ],
)
def test_names_the_definitions_to_a_reader_of_another(caller: Caller, path: str, expected: Refused) -> None:
    response = caller.call(method="GET", path=path)

    assert refusal_in(response) == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path", ["metadata", "OperationDefinition", "CodeSystem/response-code", ".well-known/smart-configuration"]
)
def test_the_conformance_routes_can_only_be_read(caller: Caller, method: str, path: str) -> None:
    response = caller.call(method=method, path=f"/fhir/{path}")

    assert refusal_in(response) == READ_ONLY


@pytest.mark.parametrize("host", ["a b", "<>", "a/b", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_refuses_a_malformed_host(service: Service, caller: Caller, host: str) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Content-Length", "0"), host=host)

        response = raw.receive()

    assert refusal_in(response) == NOT_HTTP


@pytest.mark.parametrize(
    ("host", "more"),
    [(None, []), ("service.test", [("Host", "service.test")]), ("service.test", [("Host", "other.test")])],
    ids=["none", "twice", "two"],
)
def test_refuses_a_head_without_one_host(
    service: Service, caller: Caller, host: str | None, more: list[tuple[str, str]]
) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Content-Length", "0"), *more, host=host)

        response = raw.receive()

    assert refusal_in(response) == NOT_HTTP


def test_refuses_a_transfer_coding_other_than_chunked(service: Service, caller: Caller) -> None:
    with connection(service.port) as raw:
        raw.send_head(request_headers(caller.access_token), ("Transfer-Encoding", "gzip, chunked"))

        response = raw.receive()

    assert refusal_in(response) == refused(
        501,
        "not-supported",
        "Send the body with Content-Length, or with Transfer-Encoding: chunked alone.",
    )


def test_the_server_itself_refuses_a_head_that_is_too_large(client: httpx.Client) -> None:
    sizes = (32 * 1024, 160 * 1024)

    answers = [client.get("/health/live", headers={"X-Padding": "x" * size}) for size in sizes]

    assert [answer.status_code for answer in answers] == [200, 431]
