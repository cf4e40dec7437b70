"""The rows of the error table on media types, and the types that are taken."""

from collections.abc import Sequence

import pytest

from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.call import OPERATION, Caller, asking_for
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import refusal_in, refused

NOT_ACCEPTABLE = refused(
    406,
    "not-supported",
    "The answer comes as application/fhir+json or application/fhir+xml, which the header Accept rules out.",
    header="Accept",
)
UNKNOWN_FORMAT = refused(
    406,
    "not-supported",
    "The answer comes as json or xml, which the parameter _format does not ask for.",
    header="_format",
)
UNSUPPORTED = (
    "Send the body as application/fhir+json or application/fhir+xml in UTF-8, without a content coding."
)


@pytest.fixture
def caller(caller_of_each: Caller) -> Caller:
    return caller_of_each


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "text/*",
        "application/fhir+turtle, text/html;q=0.9",
        "application/fhir+json;q=0",
        "application/fhir+json; Q=0.000",
        "application/fhir+xml;q=0, application/fhir+json;q=0.0",
        "*/*;q=0",
        "*/*, application/fhir+json;q=0, application/fhir+xml;q=0",
        "application/*;q=0, */*",
        "application/json, application/fhir+json;q=0",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+xml; charset=iso-8859-1",
        "application/fhir+json;q=2, application/fhir+xml;q=-1, application/json;q=nan",
        "json",
        ",;=",
    ],
)
def test_refuses_an_accept_header_that_rules_json_and_xml_out(caller: Caller, accept: str) -> None:
    response = caller.call(changes={"Accept": accept})

    assert refusal_in(response) == NOT_ACCEPTABLE


@pytest.mark.parametrize(
    "query",
    [
        "_format=html",
        "_format=ttl",
        "_format=JSON",
        "_format=application/fhir%2Bturtle",
        "_format=application/fhir%2Bjson%3B%20fhirVersion=4.0",
        "_format=*/*",
        "_format=json&_format=xml",
        "_format=json,xml",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "application/fhir+json"])
def test_refuses_a_format_that_there_is_not(caller: Caller, query: str, accept: str) -> None:
    response = caller.call(path=f"{OPERATION}?{query}", changes={"Accept": accept})

    assert refusal_in(response) == UNKNOWN_FORMAT


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(None, id="none"),
        "",
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/fhir+turtle",
        "application/x-www-form-urlencoded",
        "application/fhir+json; charset=ISO-8859-1",
        "application/fhir+xml; charset=UTF-16",
        "text/xml; charset=us-ascii",
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
        "text/json",
        "application/json+fhir",
        "application/json+fhir;charset=utf-8",
    ],
)
def test_takes_a_body_under_every_name_of_fhir_json(caller: Caller, content_type: str) -> None:
    response = caller.call(changes={"Content-Type": content_type})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+xml",
        'application/fhir+xml;charset="UTF-8"; fhirVersion=3.0',
        "Application/FHIR+XML; Charset=utf-8",
        "application/xml",
        "text/xml",
        "application/xml+fhir",
    ],
)
def test_takes_a_body_under_every_name_of_fhir_xml(caller: Caller, content_type: str) -> None:
    response = caller.call(as_xml(asking_for(ADULT)), {"Content-Type": content_type})

    assert response.status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_refuses_a_body_with_a_content_coding(caller: Caller, coding: str) -> None:
    response = caller.call(changes={"Content-Encoding": coding})

    assert refusal_in(response) == refused(415, "not-supported", UNSUPPORTED, header="Content-Encoding")


@pytest.mark.parametrize("coding", ["identity", "Identity"])
def test_takes_a_body_coded_as_itself(caller: Caller, coding: str) -> None:
    response = caller.call(changes={"Content-Encoding": coding})

    assert response.status_code == 200


def test_reads_no_more_of_an_accept_header_than_anybody_has_to_say(caller: Caller) -> None:
    others = ", ".join(["text/html"] * 99)

    last_of_100 = caller.call(changes={"Accept": f"{others}, application/fhir+json"})
    one_too_many = caller.call(changes={"Accept": f"text/html, {others}, application/fhir+json"})

    assert last_of_100.status_code == 200
    assert refusal_in(one_too_many) == NOT_ACCEPTABLE
