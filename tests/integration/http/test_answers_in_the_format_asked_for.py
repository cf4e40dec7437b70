"""In which format an answer comes: the query decides before the header Accept, and that before the body."""

import pytest

from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.call import (
    FHIR_JSON,
    FHIR_XML,
    OPERATION,
    Caller,
    asking_for,
    request_headers,
)
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.raw_http import connection
from tests.integration.service import Service

BODIES = {"application/fhir+json": asking_for(ADULT), "application/fhir+xml": as_xml(asking_for(ADULT))}


def format_of_answer(
    caller: Caller, *, accept: str = "*/*", query: str = "", sent: str = "application/fhir+json"
) -> str:
    """Give the media type of the answer to a call that succeeds."""
    response = caller.call(BODIES[sent], {"Accept": accept, "Content-Type": sent}, path=OPERATION + query)
    return response.raise_for_status().headers["Content-Type"]


@pytest.mark.parametrize("sent", BODIES)
@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/*",
        "application/fhir+json",
        "APPLICATION/FHIR+JSON; charset=utf-8",
        "application/json",
        "text/json",
        "application/json+fhir",
        "text/html, application/xhtml+xml, */*;q=0.1",
        "application/fhir+xml, application/fhir+json",
        "application/fhir+xml;q=0.9, application/fhir+json;q=0.9",
        "application/fhir+xml;q=0.5, */*",
        "application/xml;q=0.999, application/json;q=1.000",
        "*/*;q=0, application/fhir+json",
        "application/fhir+xml;q=0, */*;q=0.001",
        "application/fhir+json; fhirVersion=3.0",
        "application/fhir+xml; fhirVersion=4.0, application/fhir+json; q=0.1",
        'text/x; a="application/fhir+xml, application/fhir+xml", application/json;q=0.1',
    ],
)
def test_json_is_answered_to_whoever_prefers_it_or_does_not_care(
    caller: Caller, accept: str, sent: str
) -> None:
    assert format_of_answer(caller, accept=accept, sent=sent) == FHIR_JSON


@pytest.mark.parametrize("sent", BODIES)
@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+xml",
        "Application/FHIR+XML;charset=UTF-8",
        "application/xml",
        "text/xml",
        "application/xml+fhir",
        "application/fhir+json;q=0.5, application/fhir+xml",
        "application/fhir+json;q=0.5,application/xml;q=0.501",
        "application/json;q=0.9, */*",
        "*/*, application/fhir+json;q=0",
        "application/*;q=0.1, application/fhir+xml;q=0.2",
        "application/fhir+xml; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0",
        "application/fhir+json;q=0.1, application/json, application/fhir+xml;q=0.2",
    ],
)
def test_xml_is_answered_to_whoever_prefers_it(caller: Caller, accept: str, sent: str) -> None:
    assert format_of_answer(caller, accept=accept, sent=sent) == FHIR_XML


@pytest.mark.parametrize(
    "name",
    [
        *("json", "application/fhir%2Bjson", "application/fhir+json", "application/fhir%20json"),
        *("application/json", "text/json", "application/json%2Bfhir", "application/json+fhir"),
        "application/fhir%2Bjson;fhirVersion=3.0",
    ],
)
@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/html", "*/*;q=0"])
def test_the_query_may_ask_for_json_whatever_the_header_says(caller: Caller, name: str, accept: str) -> None:
    answered = format_of_answer(caller, accept=accept, query=f"?_format={name}", sent="application/fhir+xml")

    assert answered == FHIR_JSON


@pytest.mark.parametrize(
    "name",
    [
        *("xml", "application/fhir%2Bxml", "application/fhir+xml", "application/fhir%20xml"),
        *("application/xml", "text/xml", "application/xml%2Bfhir", "application/xml+fhir"),
        *("Application/FHIR%2BXML", "xml&_format=text/xml"),
    ],
)
@pytest.mark.parametrize("accept", ["application/fhir+json", "text/html", "*/*;q=0"])
def test_the_query_may_ask_for_xml_whatever_the_header_says(caller: Caller, name: str, accept: str) -> None:
    assert format_of_answer(caller, accept=accept, query=f"?a=b&_format={name}") == FHIR_XML


@pytest.mark.parametrize("query", ["?_format=", "?_format", "?format=json", "?_FORMAT=json"])
def test_a_query_without_a_format_decides_nothing(caller: Caller, query: str) -> None:
    assert format_of_answer(caller, accept="text/xml", query=query) == FHIR_XML


@pytest.mark.parametrize(
    ("sent", "answered"), [("application/fhir+json", FHIR_JSON), ("application/fhir+xml", FHIR_XML)]
)
def test_the_answer_is_in_the_format_of_the_body_when_nothing_else_is_asked_for(
    service: Service, caller: Caller, sent: str, answered: str
) -> None:
    body = BODIES[sent]
    with connection(service.port) as raw:
        headers = request_headers(caller.access_token, {"Content-Type": sent})
        raw.send_head(headers, ("Content-Length", f"{len(body)}"))
        raw.send(body)

        response = raw.receive()

    assert (response.status_code, response.headers["Content-Type"]) == (200, answered)


def test_an_empty_header_asks_for_nothing(caller: Caller) -> None:
    assert format_of_answer(caller, accept="", sent="application/fhir+xml") == FHIR_XML
