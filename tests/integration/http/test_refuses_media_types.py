"""The rows of the error table on media types, and the types that are taken."""

from collections.abc import Sequence

import pytest

from tests.integration.http.support.as_xml import as_xml
from tests.integration.http.support.call import Caller, asking_for
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


def test_refuses_an_accept_header_that_rules_json_and_xml_out(caller: Caller) -> None:
    response = caller.call(changes={"Accept": "text/html"})

    assert refusal_in(response) == NOT_ACCEPTABLE


def test_refuses_an_unknown_format(caller: Caller) -> None:
    response = caller.call(path=f"{caller.operation}?_format=html")

    assert refusal_in(response) == UNKNOWN_FORMAT


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(None, id="none"),
        "text/plain",
        pytest.param(["application/fhir+json", "text/plain"], id="json_first"),
        pytest.param(["text/plain", "application/fhir+json"], id="json_last"),
    ],
)
def test_refuses_a_body_of_another_media_type(
    caller: Caller, content_type: str | Sequence[str] | None
) -> None:
    response = caller.call(changes={"Content-Type": content_type})

    assert refusal_in(response) == refused(415, "not-supported", UNSUPPORTED, header="Content-Type")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("text/json", asking_for(ADULT), id="json"),
        pytest.param('application/xml; charset="UTF-8"', as_xml(asking_for(ADULT)), id="xml"),
    ],
)
def test_takes_a_body_under_another_name_of_its_format(
    caller: Caller, content_type: str, body: bytes
) -> None:
    response = caller.call(body, {"Content-Type": content_type})

    assert response.status_code == 200


def test_refuses_a_body_with_a_content_coding(caller: Caller) -> None:
    response = caller.call(changes={"Content-Encoding": "gzip"})

    assert refusal_in(response) == refused(415, "not-supported", UNSUPPORTED, header="Content-Encoding")
    assert response.headers["Accept-Encoding"] == "identity"


def test_takes_the_accept_header_of_java(caller: Caller) -> None:
    response = caller.call(changes={"Accept": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"})

    assert response.status_code == 200


def test_takes_a_body_coded_as_itself(caller: Caller) -> None:
    response = caller.call(changes={"Content-Encoding": "Identity"})

    assert response.status_code == 200
