"""The format of an answer: the query decides before the header Accept, and that before the body."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from litestar import Request
from returns.result import Failure, Success

from adapters.fhir.wire_format import WireFormat
from adapters.http.formats import (
    FormatUnknown,
    NotAcceptable,
    UnsupportedContentCoding,
    UnsupportedMediaType,
    answer_format,
    check_acceptable,
    check_media_types,
)

JSON, XML = Success(WireFormat.JSON), Success(WireFormat.XML)
BODIES = ("application/fhir+json", "application/fhir+xml")


def a_request(
    *,
    accept: str = "*/*",
    query: str = "",
    sent: str | None = BODIES[0],
    more: Sequence[tuple[str, str]] = (),
) -> Request[Any, Any, Any]:
    headers = [("accept", accept), *([] if sent is None else [("content-type", sent)]), *more]
    scope = {
        "type": "http",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "query_string": query.encode(),
    }
    return Request(cast("Any", scope))


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
        "application/fhir+json; FHIRVERSION=3.0.2",
        "application/fhir+json;charset=utf8",
        "application/fhir+json ; q = 0.5",
        "application/fhir+json\t;\tQ=.5",
        "application/fhir+json;q=0.3333",
        "application/fhir+json;q=.9",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        "*",
        "*;q=0.001",
        ", ,application/fhir+json,",
        "application/fhir+xml; fhirVersion=4.0, application/fhir+json; q=0.1",
        'text/x; a="application/fhir+xml, application/fhir+xml", application/json;q=0.1',
    ],
)
def test_callers_that_prefer_json_or_nothing_get_json(accept: str, sent: str) -> None:
    assert check_acceptable(a_request(accept=accept, sent=sent)) == JSON


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
        "*, application/fhir+json;q=0.9",
        "application/fhir+xml;q=.4, application/fhir+json;q=.39",
        "*/*, application/fhir+json;q=0",
        "application/*;q=0.1, application/fhir+xml;q=0.2",
        "application/fhir+xml; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0",
        "application/fhir+json;q=0.1, application/json, application/fhir+xml;q=0.2",
    ],
)
def test_callers_that_prefer_xml_get_xml(accept: str, sent: str) -> None:
    assert check_acceptable(a_request(accept=accept, sent=sent)) == XML


@pytest.mark.parametrize(
    "name",
    [
        *("json", "application/fhir%2Bjson", "application/fhir+json", "application/fhir%20json"),
        *("application/json", "text/json", "application/json%2Bfhir", "application/json+fhir"),
        "application/fhir%2Bjson;fhirVersion=3.0",
        *("JSON", "Json", "%20json", "application/fhir%2Bjson;fhirVersion=3.0.2"),
    ],
)
@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/html", "*/*;q=0"])
def test_json_in_the_query_overrules_the_header(name: str, accept: str) -> None:
    request = a_request(accept=accept, query=f"_format={name}", sent="application/fhir+xml")

    assert check_acceptable(request) == JSON


@pytest.mark.parametrize(
    "name",
    [
        *("xml", "application/fhir%2Bxml", "application/fhir+xml", "application/fhir%20xml"),
        *("application/xml", "text/xml", "application/xml%2Bfhir", "application/xml+fhir"),
        *("Application/FHIR%2BXML", "xml&_format=text/xml", "XML", "xml&_format=XML"),
    ],
)
@pytest.mark.parametrize("accept", ["application/fhir+json", "text/html", "*/*;q=0"])
def test_xml_in_the_query_overrules_the_header(name: str, accept: str) -> None:
    assert check_acceptable(a_request(accept=accept, query=f"a=b&_format={name}")) == XML


@pytest.mark.parametrize("query", ["_format=", "_format", "format=json", "_FORMAT=json"])
def test_a_query_without_a_format_decides_nothing(query: str) -> None:
    assert check_acceptable(a_request(accept="text/xml", query=query)) == XML


@pytest.mark.parametrize(("sent", "expected"), [(BODIES[0], JSON), (BODIES[1], XML)])
def test_an_empty_header_leaves_the_format_of_the_body(sent: str, expected: object) -> None:
    assert check_acceptable(a_request(accept="", sent=sent)) == expected


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
        "application/fhir+json; fhirVersion=3.0.3",
        "application/fhir+json; fhirVersion=3",
        "application/fhir+json; q=.",
        "application/fhir+json; q=.000",
        "*;q=0",
        "**",
        "application/fhir+xml; charset=iso-8859-1",
        "application/fhir+json;q=2, application/fhir+xml;q=-1, application/json;q=nan",
        "json",
        ",;=",
    ],
)
def test_an_accept_header_may_rule_out_both_formats(accept: str) -> None:
    assert check_media_types(a_request(accept=accept)) == Failure(NotAcceptable())


@pytest.mark.parametrize("accept", ["*/*", "application/fhir+json"])
@pytest.mark.parametrize(
    "query",
    [
        "_format=html",
        "_format=ttl",
        "_format=JSONP",
        "_format=application/fhir%2Bturtle",
        "_format=application/fhir%2Bjson%3B%20fhirVersion=4.0",
        "_format=*/*",
        "_format=json&_format=xml",
        "_format=json,xml",
    ],
)
def test_the_query_may_ask_for_a_format_that_does_not_exist(query: str, accept: str) -> None:
    assert check_media_types(a_request(accept=accept, query=query)) == Failure(FormatUnknown())


def test_no_more_than_a_hundred_media_types_are_read() -> None:
    others = ", ".join(["text/html"] * 99)

    last_of_100 = check_acceptable(a_request(accept=f"{others}, application/fhir+json"))
    one_too_many = check_acceptable(a_request(accept=f"text/html, {others}, application/fhir+json"))

    assert (last_of_100, one_too_many) == (JSON, Failure(NotAcceptable()))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/fhir+json; charset=UTF-8",
        'Application/FHIR+JSON; Charset="utf-8"',
        "application/fhir+json;charset=utf8",
        "application/fhir+json; charset=UTF8; fhirVersion=3.0.1",
        "application/fhir+json; fhirVersion=3.0",
        "application/json",
        "text/json",
        "application/json+fhir",
        "application/json+fhir;charset=utf-8",
    ],
)
def test_a_body_in_json_has_many_names(content_type: str) -> None:
    assert check_media_types(a_request(sent=content_type)) == JSON


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+xml",
        'application/fhir+xml;charset="UTF-8"; fhirVersion=3.0',
        "Application/FHIR+XML; Charset=utf-8",
        "text/xml; charset=us-ascii",
        "application/xml",
        "text/xml",
        "application/xml+fhir",
    ],
)
def test_a_body_in_xml_has_many_names(content_type: str) -> None:
    assert check_media_types(a_request(sent=content_type)) == XML


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
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json, application/json",
        "*/*",
    ],
)
def test_a_body_of_another_media_type_is_refused(content_type: str | None) -> None:
    assert check_media_types(a_request(sent=content_type)) == Failure(UnsupportedMediaType())


@pytest.mark.parametrize(
    ("sent", "also"), [(BODIES[0], "text/plain"), ("text/plain", BODIES[0])], ids=["json_first", "json_last"]
)
def test_a_body_of_two_media_types_is_refused(sent: str, also: str) -> None:
    request = a_request(sent=sent, more=[("content-type", also)])

    assert check_media_types(request) == Failure(UnsupportedMediaType())


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_body_with_a_content_coding_is_refused(coding: str) -> None:
    request = a_request(more=[("content-encoding", coding)])

    assert check_media_types(request) == Failure(UnsupportedContentCoding())


@pytest.mark.parametrize("coding", ["identity", "Identity"])
def test_a_body_may_be_coded_as_itself(coding: str) -> None:
    assert check_media_types(a_request(more=[("content-encoding", coding)])) == JSON


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(BODIES[0], WireFormat.JSON), (BODIES[1], WireFormat.XML), ("text/plain", WireFormat.JSON)],
)
def test_a_refusal_is_in_the_format_of_the_body_when_no_other_would_do(sent: str, expected: object) -> None:
    request = a_request(accept="text/html", sent=sent)

    assert answer_format(request.headers, b"") == expected
