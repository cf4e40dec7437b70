"""The format of an answer: the query decides before the header Accept, and that before the body."""

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
    ("accept", "answered"),
    [
        pytest.param("application/fhir+xml;q=0.9, application/json", FHIR_JSON, id="json"),
        pytest.param("application/json;q=0.9, text/xml", FHIR_XML, id="xml"),
    ],
)
def test_the_header_asks_for_a_format(caller: Caller, accept: str, answered: str, sent: str) -> None:
    assert format_of_answer(caller, accept=accept, sent=sent) == answered


@pytest.mark.parametrize(
    ("name", "answered"), [("application/fhir%2Bjson", FHIR_JSON), ("xml", FHIR_XML)], ids=["json", "xml"]
)
def test_the_format_in_the_query_overrules_the_header(caller: Caller, name: str, answered: str) -> None:
    assert format_of_answer(caller, accept="text/html", query=f"?_format={name}") == answered


@pytest.mark.parametrize(
    ("sent", "answered"), [("application/fhir+json", FHIR_JSON), ("application/fhir+xml", FHIR_XML)]
)
def test_the_default_format_of_the_answer_is_that_of_the_body(
    service: Service, caller: Caller, sent: str, answered: str
) -> None:
    body = BODIES[sent]
    with connection(service.port) as raw:
        headers = request_headers(caller.access_token, {"Content-Type": sent})
        raw.send_head(headers, ("Content-Length", f"{len(body)}"))
        raw.send(body)

        response = raw.receive()

    assert (response.status_code, response.headers["Content-Type"]) == (200, answered)
