"""Resources written in XML."""

from typing import Any, Literal

import pytest
from msgspec import UNSET, Struct, UnsetType

from adapters.fhir.elements import CodeableConcept, Coding
from adapters.fhir.generate_invitation_tokens import patient_tokens
from adapters.fhir.operation_outcome import Issue, IssueType, OperationOutcome
from adapters.fhir.parameters import Parameter, Parameters
from adapters.fhir.xml.encoder import encode
from application.generate_invitation_tokens.use_case import GeneratedTokens, InvitedPatient
from domain.invitations import InvitationToken
from tests.builders import EXPIRY, a_request_id, a_requested_identifier

START = '<?xml version="1.0" encoding="UTF-8"?><{} xmlns="http://hl7.org/fhir">'


class Narrative(Struct):
    status: str
    div: str


class Patient(Struct, rename="camel", omit_defaults=True, kw_only=True):
    """A resource with elements of kinds that the service's own have not got."""

    resource_type: Literal["Patient"]
    id: str | UnsetType = UNSET
    text: Narrative | UnsetType = UNSET
    contained: list["Patient"] | UnsetType = UNSET
    extension: list[dict[str, Any]] | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    multiple_birth_integer: int | UnsetType = UNSET
    animal: dict[str, Any] | UnsetType = UNSET


def written(resource: Struct) -> str:
    """Write a resource, and return the content of its element."""
    name = type(resource).__name__
    text = encode(resource).decode()
    start, end = START.format(name), f"</{name}>"
    assert text.startswith(start)
    assert text.endswith(end)
    return text[len(start) : -len(end)]


def a_patient(**elements: Any) -> Patient:
    return Patient(resource_type="Patient", **elements)


def test_writes_the_published_example() -> None:
    token = InvitationToken("7Q2M9KXR4D", "C5H8WZ1N6T", EXPIRY)
    generated = GeneratedTokens(
        a_request_id(), a_request_id(), 1, [InvitedPatient(a_requested_identifier(), token)], []
    )

    assert written(patient_tokens(generated)) == (
        '<parameter><name value="patientTokens"/>'
        '<part><name value="patientIdentifier"/><valueIdentifier>'
        '<system value="https://fhir.nhs.uk/Id/nhs-number"/><value value="9990000107"/>'
        "</valueIdentifier></part>"
        '<part><name value="code"/><valueString value="7Q2M9KXR4D"/></part>'
        '<part><name value="token"/><valueString value="C5H8WZ1N6T"/></part>'
        '<part><name value="expiry"/><valueDateTime value="2027-01-01T09:29:23.356+00:00"/></part>'
        "</parameter>"
    )


def test_writes_a_resource_without_elements() -> None:
    assert written(Parameters(resource_type="Parameters")) == ""


def test_writes_a_refusal() -> None:
    issue = Issue(
        severity="error",
        code=IssueType.NOT_SUPPORTED,
        details=CodeableConcept(coding=[Coding(system="urn:x", code="y")]),
        diagnostics="No.",
        expression=["Parameters.parameter[0]", "Parameters.parameter[1]"],
    )

    assert written(OperationOutcome(resource_type="OperationOutcome", issue=[issue])) == (
        '<issue><severity value="error"/><code value="not-supported"/>'
        '<details><coding><system value="urn:x"/><code value="y"/></coding></details>'
        '<diagnostics value="No."/>'
        '<expression value="Parameters.parameter[0]"/><expression value="Parameters.parameter[1]"/></issue>'
    )


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        pytest.param({"active": True}, '<active value="true"/>', id="true"),
        pytest.param({"active": False}, '<active value="false"/>', id="false"),
        pytest.param({"multiple_birth_integer": 2}, '<multipleBirthInteger value="2"/>', id="integer"),
        pytest.param({"id": "p"}, '<id value="p"/>', id="id-of-a-resource"),
        pytest.param(
            {"animal": {"id": "a", "species": {"text": "cat"}}},
            '<animal id="a"><species><text value="cat"/></species></animal>',
            id="id-of-an-element",
        ),
        pytest.param(
            {"extension": [{"id": "e", "url": "urn:a&b", "valueString": "x"}]},
            '<extension id="e" url="urn:a&#38;b"><valueString value="x"/></extension>',
            id="extension",
        ),
        pytest.param(
            {"contained": [a_patient(id="c", active=True), a_patient(id="d")]},
            '<contained><Patient><id value="c"/><active value="true"/></Patient></contained>'
            '<contained><Patient><id value="d"/></Patient></contained>',
            id="resources-in-a-resource",
        ),
        pytest.param(
            {"text": Narrative("generated", '<div xmlns="urn:x">a &lt; b</div>')},
            '<text><status value="generated"/><div xmlns="urn:x">a &lt; b</div></text>',
            id="narrative",
        ),
    ],
)
def test_writes_every_kind_of_element(elements: dict[str, Any], expected: str) -> None:
    assert written(a_patient(**elements)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("""<a b="c">&'""", "&#60;a b=&#34;c&#34;&#62;&#38;'", id="markup"),
        pytest.param(" a\tb\r\nc ", " a&#9;b&#13;&#10;c ", id="white-space"),
        pytest.param(
            "\N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}\x85",
            "\N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}\x85",
            id="unicode",
        ),
        pytest.param("a\x00\x01\x1f\x0bb", "a\ufffd\ufffd\ufffd\ufffdb", id="control-characters"),
        pytest.param("a\ufffe\uffff\ud800b", "a\ufffd\ufffd\ufffdb", id="no-characters"),
    ],
)
def test_writes_characters_outside_xml_as_the_replacement_character(text: str, expected: str) -> None:
    parameter = Parameter(name="a", value_string=text)

    xml = written(Parameters(resource_type="Parameters", parameter=[parameter]))

    assert xml == f'<parameter><name value="a"/><valueString value="{expected}"/></parameter>'
