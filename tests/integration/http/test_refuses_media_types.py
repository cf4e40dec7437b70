"""The rows of the error table on media types, and the types that are taken."""

from collections.abc import Sequence

import pytest

from tests.integration.http.support.call import FHIR_JSON, Caller
from tests.integration.http.support.refused import refusal_in, refused

NOT_ACCEPTABLE = refused(
    406,
    "not-supported",
    "The answer comes as application/fhir+json, which the header Accept rules out.",
    header="Accept",
)
UNSUPPORTED = "Send the body as application/fhir+json in UTF-8, without a content coding."


@pytest.fixture
def caller(caller_of_each: Caller) -> Caller:
    return caller_of_each


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/fhir+xml",
        "application/xml, text/*;q=0.9",
        "application/fhir+json;q=0",
        "application/fhir+json; Q=0.000",
        "*/*;q=0",
        "*/*, application/fhir+json;q=0",
        "application/fhir+json; fhirVersion=4.0",
        "json",
    ],
)
def test_refuses_an_accept_header_that_rules_json_out(caller: Caller, accept: str) -> None:
    response = caller.call(changes={"Accept": accept})

    assert refusal_in(response) == NOT_ACCEPTABLE


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+json",
        "APPLICATION/FHIR+JSON; charset=utf-8",
        "application/json",
        "application/json+fhir",
        "*/*",
        "application/*",
        "text/html, application/xhtml+xml, */*;q=0.1",
        "application/fhir+xml, application/fhir+json;q=0.5",
        "*/*;q=0, application/fhir+json",
        "application/fhir+json; fhirVersion=3.0",
    ],
)
def test_answers_every_accept_header_that_takes_json_in_fhir_json(caller: Caller, accept: str) -> None:
    response = caller.call(changes={"Accept": accept})

    assert (response.status_code, response.headers["Content-Type"]) == (200, FHIR_JSON)


def test_reads_accept_headers_sent_apart_as_one(caller: Caller) -> None:
    response = caller.call(changes={"Accept": ["text/html", "application/fhir+json"]})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(None, id="none"),
        "",
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/fhir+xml",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/fhir+json; charset=ISO-8859-1",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json, application/json",
        "*/*",
    ],
)
def test_refuses_a_body_of_another_media_type(caller: Caller, content_type: str | None) -> None:
    response = caller.call(changes={"Content-Type": content_type})

    assert refusal_in(response) == refused(415, "not-supported", UNSUPPORTED, header="Content-Type")


@pytest.mark.parametrize(
    "content_types",
    [
        pytest.param(["application/fhir+json", "text/plain"], id="json_first"),
        pytest.param(["text/plain", "application/fhir+json"], id="json_last"),
    ],
)
def test_refuses_a_body_of_two_media_types(caller: Caller, content_types: Sequence[str]) -> None:
    response = caller.call(changes={"Content-Type": content_types})

    assert refusal_in(response) == refused(415, "not-supported", UNSUPPORTED, header="Content-Type")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/fhir+json; charset=UTF-8",
        'Application/FHIR+JSON; Charset="utf-8"',
        "application/fhir+json; fhirVersion=3.0",
        "application/json",
        "application/json+fhir",
        "application/json+fhir;charset=utf-8",
    ],
)
def test_takes_a_body_under_every_name_of_fhir_json(caller: Caller, content_type: str) -> None:
    response = caller.call(changes={"Content-Type": content_type})

    assert response.status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_refuses_a_body_with_a_content_coding(caller: Caller, coding: str) -> None:
    response = caller.call(changes={"Content-Encoding": coding})

    assert refusal_in(response) == refused(415, "not-supported", UNSUPPORTED, header="Content-Encoding")


@pytest.mark.parametrize("coding", ["identity", "Identity"])
def test_takes_a_body_coded_as_itself(caller: Caller, coding: str) -> None:
    response = caller.call(changes={"Content-Encoding": coding})

    assert response.status_code == 200
