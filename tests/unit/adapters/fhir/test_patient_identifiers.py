"""Bodies are read strictly, and refused with a reason."""

import json

import pytest
from returns.result import Failure, Success

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.parameters import (
    BodyNotReadable,
    BodyNotValid,
    BodyRefused,
    ElementsMissing,
    ParametersUnknown,
)
from adapters.fhir.wire_format import WireFormat
from domain.identifiers import RequestedIdentifier
from tests.builders import NHS, a_requested_identifier
from tests.fhir_builders import parameters, patient_identifier

ADULT = a_requested_identifier()
GOOD = patient_identifier(ADULT)


def refusal_of(body: bytes) -> BodyRefused:
    return read_patient_identifiers(body, WireFormat.JSON, OPERATION).failure()


def test_reads_identifiers_in_order_and_as_often_as_they_come() -> None:
    other = a_requested_identifier(2)

    read = read_patient_identifiers(
        parameters(GOOD, patient_identifier(other), GOOD), WireFormat.JSON, OPERATION
    )

    assert read == Success([ADULT, other, ADULT])


def test_reads_no_identifiers_from_a_body_without_parameters() -> None:
    read = read_patient_identifiers(b'{"resourceType":"Parameters"}', WireFormat.JSON, OPERATION)

    assert read == Success([])


def test_judges_neither_system_nor_value() -> None:
    read = read_patient_identifiers(
        parameters(patient_identifier(RequestedIdentifier("x", " "))), WireFormat.JSON, OPERATION
    )

    assert read == Success([RequestedIdentifier("x", " ")])


def test_reads_identifiers_and_search_tokens_side_by_side() -> None:
    search_token = {"name": "patientIdentifier", "valueString": r"https://a.test/\$x|1\|2"}

    read = read_patient_identifiers(parameters(GOOD, search_token), WireFormat.JSON, OPERATION)

    assert read == Success([ADULT, RequestedIdentifier("https://a.test/$x", "1|2")])


def test_takes_the_elements_of_an_object_in_any_order() -> None:
    body = json.dumps({"parameter": [dict(reversed(GOOD.items()))], "resourceType": "Parameters"}).encode()

    assert read_patient_identifiers(body, WireFormat.JSON, OPERATION) == Success([ADULT])


def test_skips_what_primitives_have_beside_their_values() -> None:
    beside = {"id": "a", "extension": [{"url": "urn:x", "valueString": "x"}]}
    identifier = patient_identifier(
        ADULT,
        _system=beside,
        _value=beside,
        _use=beside,
        type={"coding": [{"code": "NH", "_code": beside}], "_text": beside},
        period={"start": "2020", "_start": beside},
    )
    token = {"name": "patientIdentifier", "valueString": "urn:x|1", "_valueString": beside}

    read = read_patient_identifiers(
        parameters({**identifier, "_name": beside}, token, _id=beside, _language=beside),
        WireFormat.JSON,
        OPERATION,
    )

    assert read == Success([ADULT, RequestedIdentifier("urn:x", "1")])


@pytest.mark.parametrize("beside", [1, None, [], {"modifierExtension": []}, {"value": "1"}])
def test_refuses_what_primitives_do_not_have_beside_their_values(beside: object) -> None:
    refusal = refusal_of(parameters(GOOD, patient_identifier(ADULT, _value=beside)))

    assert refusal == BodyNotValid(("Parameters.parameter[1].value.value",))


@pytest.mark.parametrize("beside", ["_unknown", "_valueString", "_valueIdentifier", "_modifierExtension"])
def test_refuses_siblings_of_what_is_no_primitive_of_the_parameter(beside: str) -> None:
    assert refusal_of(parameters({**GOOD, beside: {}})) == BodyNotValid(("Parameters.parameter[0]",))


def test_an_extension_does_not_replace_a_value() -> None:
    no_value = {"system": NHS, "_value": {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}}

    refusal = refusal_of(parameters({"name": "patientIdentifier", "valueIdentifier": no_value}))

    assert refusal == ElementsMissing(("Parameters.parameter[0].value.value",))


@pytest.mark.parametrize("blank", [b" ", b"\n", b"\t\r\n"])
def test_takes_white_space_around_a_body(blank: bytes) -> None:
    read = read_patient_identifiers(blank + parameters(GOOD) + blank, WireFormat.JSON, OPERATION)

    assert read == Success([ADULT])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" ", id="blank"),
        pytest.param(parameters(GOOD)[:-1], id="cut_off"),
        pytest.param(parameters(GOOD) + b",", id="trailing_comma"),
        pytest.param(parameters(GOOD).replace(b'"', b"'"), id="single_quotes"),
        pytest.param(b"// comment\n" + parameters(GOOD), id="comment"),
        pytest.param(b'{"resourceType":"Parameters","meta":{"a":Infinity}}', id="infinity"),
        pytest.param(b'{"resourceType":"Parameters","meta":{"a":01}}', id="leading_zero"),
        pytest.param(b'{"resourceType":"Parameters","id":"\xc3\x28"}', id="bad_utf_8"),
        pytest.param(b'{"resourceType":"Parameters","id":"\\udc00\\ud800"}', id="swapped_surrogates"),
        pytest.param(b'{"resourceType":"Parameters","id":"\x01"}', id="control_character"),
        pytest.param(b'{"resourceType":"Parameters","meta":' + b'{"a":' * 50_000, id="nested_too_deep"),
    ],
)
def test_refuses_a_body_that_is_not_json(body: bytes) -> None:
    assert read_patient_identifiers(body, WireFormat.JSON, OPERATION) == Failure(
        BodyNotReadable(WireFormat.JSON)
    )


def test_leads_to_the_element_that_is_not_valid() -> None:
    number = patient_identifier(ADULT, value=1)

    assert refusal_of(parameters(GOOD, GOOD, number)) == BodyNotValid(
        ("Parameters.parameter[2].value.value",)
    )


def test_leads_to_every_element_that_is_missing() -> None:
    no_system = {"name": "patientIdentifier", "valueIdentifier": {"value": "1"}}
    no_value = {"name": "patientIdentifier", "valueIdentifier": {"system": NHS}}
    half_a_token = {"name": "patientIdentifier", "valueString": "|1"}
    nothing = {"name": "patientIdentifier"}

    refusal = refusal_of(parameters(GOOD, no_system, no_value, half_a_token, nothing))

    assert refusal == ElementsMissing(
        (
            "Parameters.parameter[1].value.system",
            "Parameters.parameter[2].value.value",
            "Parameters.parameter[3].value",
            "Parameters.parameter[4].value",
        )
    )


def test_leads_to_every_parameter_that_is_unknown() -> None:
    misspelt = {**GOOD, "name": "PatientIdentifier"}

    refusal = refusal_of(parameters(misspelt, GOOD, {"name": "count", "valueInteger": 3}))

    assert refusal == ParametersUnknown(
        ("Parameters.parameter[0]", "Parameters.parameter[2]"), ("patientIdentifier",)
    )


def test_puts_an_unknown_parameter_before_an_invalid_one() -> None:
    refusal = refusal_of(parameters({**GOOD, "unknown": 1}, {"name": "count"}))

    assert refusal == ParametersUnknown(("Parameters.parameter[1]",), ("patientIdentifier",))


def test_repeats_nothing_of_the_body_in_a_refusal() -> None:
    secret = "9990000018"

    refusals = [
        refusal_of(parameters({"name": secret, secret: secret})),
        refusal_of(parameters(patient_identifier(ADULT, **{secret: secret}))),
        refusal_of(parameters(patient_identifier(ADULT, value=int(secret)))),
        refusal_of(parameters(**{secret: secret})),
        refusal_of(parameters(meta=secret)),
        refusal_of(json.dumps({"resourceType": secret}).encode()),
    ]

    assert secret not in repr(refusals)


def test_no_more_are_read_than_one_above_the_limit() -> None:
    parameter = '{"name":"patientIdentifier","valueString":"urn:x|1"}'
    body = f'{{"resourceType":"Parameters","parameter":[{",".join([parameter] * (OPERATION.limit + 5))}]}}'

    assert (
        len(read_patient_identifiers(body.encode(), WireFormat.JSON, OPERATION).unwrap())
        == OPERATION.limit + 1
    )
