"""Refusals of every kind come in XML to callers of that format, and say what they say in JSON."""

from dataclasses import replace

import pytest
from dependency_injector import providers

from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.fhir_builders import GOOD, NAME, parameters_xml
from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.broken import Buggy
from tests.integration.http.support.call import (
    FHIR_XML,
    OPERATION,
    Caller,
    Changes,
    asking_for,
    request_headers,
)
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, UNKNOWN
from tests.integration.http.support.raw_http import connection
from tests.integration.http.support.refused import NO_TOKEN, Refused, refusal_in, refused
from tests.integration.service import Service

IN_XML = {"Accept": "application/fhir+xml"}
NOT_XML = (
    "The body is not XML in UTF-8, has a document type declaration or too much markup, or is nested too deep."
)
NOT_VALID = (
    "The body is not a FHIR STU3 Parameters resource as this operation takes it: "
    "an element is unknown, missing, out of place, or has a value of the wrong type."
)


def in_xml(refusal: Refused) -> Refused:
    """Give a refusal with the headers of XML."""
    return replace(refusal, headers={**refusal.headers, "Content-Type": FHIR_XML})


@pytest.mark.parametrize(
    ("changes", "path", "status"),
    [
        pytest.param({"Authorization": None}, OPERATION, 401, id="no-token"),
        pytest.param({"Authorization": "Bearer x"}, OPERATION, 401, id="invalid-token"),
        pytest.param({"X-Org-Public-Id": None}, OPERATION, 400, id="no-organisation"),
        pytest.param({"X-Org-Public-Id": str(UNKNOWN)}, OPERATION, 403, id="organisation"),
        pytest.param({"Content-Type": "text/plain"}, OPERATION, 415, id="media-type"),
        pytest.param({"Content-Encoding": "gzip"}, OPERATION, 415, id="content-coding"),
        pytest.param({"Content-Type": "application/fhir+xml"}, OPERATION, 400, id="not-readable"),
        pytest.param({}, "/fhir/Patient", 404, id="path"),
    ],
)
def test_agrees_with_the_refusal_in_json(caller: Caller, changes: Changes, path: str, status: int) -> None:
    in_json = caller.call(changes={"Accept": "application/fhir+json", **changes}, path=path)

    response = caller.call(changes={**IN_XML, **changes}, path=path)

    assert response.status_code == status
    assert refusal_in(response) == in_xml(refusal_in(in_json))


def test_refuses_a_method_in_xml(caller: Caller) -> None:
    response = caller.call(method="PUT", path=f"{OPERATION}?_format=xml")

    assert (response.status_code, response.headers["Content-Type"]) == (405, FHIR_XML)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param(
            f"<!DOCTYPE Parameters>{parameters_xml()}", refused(400, "structure", NOT_XML), id="doctype"
        ),
        pytest.param(
            parameters_xml(f"{GOOD}<parameter>{NAME}<odd/></parameter>"),
            refused(400, "structure", NOT_VALID, expression=["Parameters.parameter[1]"]),
            id="unknown-element",
        ),
        pytest.param(
            as_xml(asking_for(ADULT, RequestedIdentifier("urn:a&b", "1"))).decode(),
            refused(
                422,
                "not-supported",
                "The system of this patientIdentifier is not supported; "
                "use that of NHS, CHI or Health & Care numbers.",
                expression=["Parameters.parameter[1].value"],
            ),
            id="system",
        ),
    ],
)
def test_refuses_a_body_in_xml(caller: Caller, text: str, refusal: Refused) -> None:
    response = caller.call(text.encode(), {**IN_XML, "Content-Type": "application/fhir+xml"})

    assert refusal_in(response) == in_xml(refusal)


def test_refuses_in_the_format_of_the_body_when_no_other_would_do(caller: Caller) -> None:
    changes = {"Accept": "text/html", "Content-Type": "application/fhir+xml"}

    response = caller.call(as_xml(asking_for(ADULT)), changes)

    assert (response.status_code, response.headers["Content-Type"]) == (406, FHIR_XML)


def test_refuses_a_caller_of_xml_before_one_byte_of_the_body_is_sent(
    service: Service, caller: Caller
) -> None:
    with connection(service.port) as raw:
        headers = request_headers(caller.access_token, {"Authorization": None, **IN_XML})
        raw.send_head(headers, ("Content-Length", "100"))

        response = raw.receive()

    assert refusal_in(response) == in_xml(NO_TOKEN)


async def test_admits_a_bug_in_xml(container_in_memory: Container, issuer: Issuer) -> None:
    container_in_memory.storage.patient_repository.override(providers.Object(Buggy(RuntimeError())))
    headers = request_headers(issuer.access_token(), IN_XML)

    async with client_of(container_in_memory.http.app()) as client:
        response = await client.post(OPERATION, headers=headers, content=asking_for(ADULT))

    assert (response.status_code, response.headers["Content-Type"]) == (500, FHIR_XML)
