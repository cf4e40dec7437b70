"""Bodies in XML that the operation refuses, with the same expressions as in JSON."""

import pytest

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.parameters import BodyNotValid, BodyRefused, ElementsMissing, ParametersUnknown
from adapters.fhir.wire_format import WireFormat
from tests.fhir_builders import (
    FHIR,
    GOOD,
    IDENTIFIER,
    NAME,
    SYSTEM,
    VALUE,
    parameters_xml,
)

SECOND = "Parameters.parameter[1]"


def refusal_of(text: str) -> BodyRefused:
    return read_patient_identifiers(text.encode(), WireFormat.XML, OPERATION).failure()


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        pytest.param("<Parameters/>", "Parameters.resourceType", id="no-namespace"),
        pytest.param(
            parameters_xml(attributes='xmlns="http://hl7.org/fhir/"'),
            "Parameters.resourceType",
            id="other-namespace",
        ),
        pytest.param(f"<Patient {FHIR}/>", "Parameters.resourceType", id="other-resource"),
        pytest.param(f"<parameters {FHIR}/>", "Parameters.resourceType", id="other-case"),
        pytest.param(parameters_xml("text"), "Parameters", id="text"),
        pytest.param(parameters_xml("<![CDATA[text]]>"), "Parameters", id="character-data"),
        pytest.param(parameters_xml("&#160;"), "Parameters", id="no-break-space"),
        pytest.param(parameters_xml(attributes=f'{FHIR} id="r"'), "Parameters", id="id-as-attribute"),
        pytest.param(parameters_xml("<patient/>"), "Parameters", id="unknown"),
        pytest.param(parameters_xml('<implicitRules value="x"/>'), "Parameters", id="modifier"),
        pytest.param(parameters_xml('<resourceType value="Parameters"/>'), "Parameters", id="json"),
        pytest.param(parameters_xml('<parameter xmlns=""/>'), "Parameters", id="not-in-a-namespace"),
        pytest.param(parameters_xml('<language value="a"/><id value="b"/>'), "Parameters", id="order"),
        pytest.param(parameters_xml(f'{GOOD}<language value="a"/>'), "Parameters", id="order-of-others"),
        pytest.param(parameters_xml('<id value="a"/><id value="a"/>'), "Parameters", id="repeated"),
        pytest.param(parameters_xml("<id/>"), "Parameters.id", id="no-value"),
        pytest.param(parameters_xml('<meta value="x"/>'), "Parameters.meta", id="primitive-for-complex"),
        pytest.param(parameters_xml('<x:id value="a" xmlns:x="urn:x"/>'), "Parameters", id="other-prefix"),
        pytest.param(
            parameters_xml(f'<x:id xmlns:x="urn:x"/>{GOOD}', f'{FHIR} xmlns:x="http://hl7.org/fhir"'),
            "Parameters",
            id="prefix-declared-again",
        ),
        pytest.param(
            parameters_xml('<id x:value="a" xmlns:x="http://hl7.org/fhir"/>'),
            "Parameters.id",
            id="qualified-value",
        ),
    ],
)
def test_refuses_a_body_that_is_not_parameters(text: str, expression: str) -> None:
    assert refusal_of(text) == BodyNotValid((expression,))


@pytest.mark.parametrize(
    ("content", "expression"),
    [
        pytest.param("", SECOND, id="empty"),
        pytest.param(IDENTIFIER, SECOND, id="no-name"),
        pytest.param(f"{IDENTIFIER}{NAME}", SECOND, id="order"),
        pytest.param(f"{NAME}{NAME}{IDENTIFIER}", SECOND, id="two-names"),
        pytest.param(f"{NAME}{IDENTIFIER}{IDENTIFIER}", SECOND, id="two-identifiers"),
        pytest.param(f'{NAME}{IDENTIFIER}<valueString value="a|b"/>', SECOND, id="two-values"),
        pytest.param(f"{NAME}<part>{NAME}{IDENTIFIER}</part>", SECOND, id="part"),
        pytest.param(f'{NAME}<valueBoolean value="true"/>', SECOND, id="boolean"),
        pytest.param(f"<modifierExtension/>{NAME}{IDENTIFIER}", SECOND, id="modifier-extension"),
        pytest.param(f"{NAME}text{IDENTIFIER}", SECOND, id="text"),
        pytest.param(f"<name>patientIdentifier</name>{IDENTIFIER}", f"{SECOND}.name", id="text-for-value"),
        pytest.param(f"<name/>{IDENTIFIER}", f"{SECOND}.name", id="name-without-value"),
        pytest.param('<name value="a" url="b"/>', f"{SECOND}.name", id="attribute-of-primitive"),
        pytest.param(f'<name id="a"/>{IDENTIFIER}', f"{SECOND}.name", id="name-with-id-alone"),
        pytest.param('<name value="a"><modifierExtension/></name>', f"{SECOND}.name", id="modified-name"),
        pytest.param(
            f'<name><extension url="a"/></name>{IDENTIFIER}', f"{SECOND}", id="name-with-extension-alone"
        ),
        pytest.param(f'{NAME}<valueString value="a"><a/></valueString>', f"{SECOND}.value", id="nested"),
        pytest.param(f'{NAME}<valueIdentifier value="a|b"/>', f"{SECOND}.value", id="no-elements"),
        pytest.param(
            f"{NAME}<valueIdentifier>{VALUE}{SYSTEM}</valueIdentifier>", f"{SECOND}.value", id="turned"
        ),
        pytest.param(f"{NAME}<valueIdentifier><a/></valueIdentifier>", f"{SECOND}.value", id="unknown"),
        pytest.param(f'{NAME}<valueIdentifier url="a"/>', f"{SECOND}.value", id="attribute"),
        pytest.param(
            f"{NAME}<valueIdentifier><value/></valueIdentifier>", f"{SECOND}.value.value", id="value-of-value"
        ),
    ],
)
def test_refuses_a_parameter_that_is_not_valid(content: str, expression: str) -> None:
    text = parameters_xml(f"{GOOD}<parameter>{content}</parameter>{GOOD}")

    assert refusal_of(text) == BodyNotValid((expression,))


@pytest.mark.parametrize(
    ("content", "expression"),
    [
        pytest.param("", ".value", id="no-value"),
        pytest.param("<valueIdentifier/>", ".value.system", id="empty-identifier"),
        pytest.param(f"<valueIdentifier>{SYSTEM}</valueIdentifier>", ".value.value", id="no-value-in-it"),
        pytest.param(
            f'<valueIdentifier>{SYSTEM}<value value=""/></valueIdentifier>', ".value.value", id="empty-value"
        ),
        pytest.param('<valueString value=""/>', ".value", id="empty-string"),
        pytest.param(
            f'<valueIdentifier>{SYSTEM}<value><extension url="a"/></value></valueIdentifier>',
            ".value.value",
            id="extension-alone",
        ),
    ],
)
def test_refuses_an_identifier_that_is_not_complete(content: str, expression: str) -> None:
    text = parameters_xml(f"{GOOD}<parameter>{NAME}{content}</parameter>")

    assert refusal_of(text) == ElementsMissing((f"{SECOND}{expression}",))


@pytest.mark.parametrize(
    "value",
    ["", '<valueString value="x"/>', '<valueInteger value="3"/>', f"<resource><Patient {FHIR}/></resource>"],
    ids=["none", "string", "integer", "resource"],
)
def test_puts_unknown_parameters_before_invalid_ones(value: str) -> None:
    unknown = f'<parameter><extension url="a"/><name value="count"/>{value}</parameter>'

    refusal = refusal_of(parameters_xml(f"{unknown}{GOOD}<parameter>{NAME}<odd/></parameter>{unknown}"))

    assert refusal == ParametersUnknown(
        ("Parameters.parameter[0]", "Parameters.parameter[3]"), ("patientIdentifier",)
    )


@pytest.mark.parametrize(
    "text",
    [
        parameters_xml("<secret/>"),
        parameters_xml(attributes=f'{FHIR} secret="secret"'),
        parameters_xml('<parameter><name value="secret"/></parameter>'),
        parameters_xml(
            f"<parameter>{NAME}<valueIdentifier><secret>secret</secret></valueIdentifier></parameter>"
        ),
        f"<secret {FHIR}/>",
    ],
)
def test_repeats_nothing_of_the_body_in_a_refusal(text: str) -> None:
    assert "secret" not in repr(refusal_of(text))
