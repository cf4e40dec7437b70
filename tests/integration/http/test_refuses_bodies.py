"""The rows of the error table about bodies."""

from typing import Any

import pytest

from domain.identifiers import RequestedIdentifier
from tests.builders import CHI, NHS
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, Caller, asking_for
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import Refused, refusal_in, refused

GOOD = patient_identifier(ADULT)
NAMED = "patientIdentifier"
DEPTH = 100_000
LIMITS = {OPERATION: 500, STATUS_OPERATION: 5_000}

NOT_JSON = refused(
    400, "structure", "The body is not JSON in UTF-8, names a property twice, or is nested too deep."
)
NO_IDENTIFIERS = refused(
    400, "required", "Send at least one parameter patientIdentifier.", expression=["Parameters.parameter"]
)


def too_many(limit: int) -> Refused:
    diagnostics = f"The operation takes at most {limit} parameters patientIdentifier in a request."
    return refused(422, "too-long", diagnostics, expression=["Parameters.parameter"])


def not_valid(expression: str) -> Refused:
    hint = " The resource is Parameters; in XML, its elements are in the namespace http://hl7.org/fhir."
    return refused(
        400,
        "structure",
        "The body is not a FHIR STU3 Parameters resource as this operation takes it: "
        "an element is unknown, missing, out of place, or has a value of the wrong type."
        f"{hint if expression == 'Parameters.resourceType' else ''}",
        expression=[expression],
    )


def incomplete(*expression: str) -> Refused:
    diagnostics = "Each patientIdentifier needs an Identifier with system and value."
    return refused(400, "required", diagnostics, expression=list(expression))


def unknown_parameter(*expression: str) -> Refused:
    diagnostics = "The operation has no parameter of this name; it takes patientIdentifier."
    return refused(400, "not-supported", diagnostics, expression=list(expression))


def unsupported_system(*expression: str) -> Refused:
    diagnostics = (
        "The system of this patientIdentifier is not supported; "
        "use that of NHS, CHI or Health & Care numbers."
    )
    return refused(422, "not-supported", diagnostics, expression=list(expression))


def of_string(text: str) -> dict[str, str]:
    return {"name": NAMED, "valueString": text}


def of_identifier(**elements: object) -> dict[str, object]:
    return {"name": NAMED, "valueIdentifier": elements}


def first(element: str) -> str:
    return f"Parameters.parameter[0]{element}"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<Parameters/>", id="xml"),
        pytest.param(asking_for(ADULT)[:-1] + b',"parameter":[]}', id="parameters_twice"),
        pytest.param(asking_for(ADULT).replace(b'"value":', b'"value":"","value":'), id="value_twice"),
        pytest.param(
            asking_for(ADULT).replace(b'"value":', b'"\\u0076alue":"","value":'), id="escaped_twice"
        ),
        pytest.param(asking_for(ADULT)[:-1], id="cut_off"),
        pytest.param(asking_for(ADULT) * 2, id="twice"),
        pytest.param(b"\xef\xbb\xbf" * 2 + asking_for(ADULT), id="two_byte_order_marks"),
        pytest.param(asking_for(ADULT).decode().encode("utf-16"), id="utf_16"),
        pytest.param(b'{"resourceType":"Parameters","id":"\xff"}', id="not_utf_8"),
        pytest.param(b'{"resourceType":"Parameters","id":"\\ud800"}', id="lone_surrogate"),
        pytest.param(b'{"resourceType":"Parameters","meta":{"a":NaN}}', id="nan"),
        pytest.param(b'{"resourceType":"Parameters","meta":{"a":' + b"[" * DEPTH, id="nested_too_deep"),
    ],
)
def test_refuses_a_body_that_is_not_json(caller: Caller, body: bytes) -> None:
    response = caller.call(body)

    assert refusal_in(response) == NOT_JSON


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        pytest.param(b"[" * DEPTH, "Parameters", id="brackets_alone"),
        pytest.param(b"[" * DEPTH + b"]" * DEPTH, "Parameters", id="brackets_closed"),
        pytest.param(b"null", "Parameters", id="null"),
        pytest.param(b'"Parameters"', "Parameters", id="text"),
        pytest.param(b"{}", "Parameters", id="empty_object"),
        pytest.param(b'{"parameter":[]}', "Parameters", id="no_resource_type"),
        pytest.param(b'{"resourceType":"Patient"}', "Parameters.resourceType", id="other_resource_type"),
        pytest.param(b'{"resourceType":null}', "Parameters.resourceType", id="null_resource_type"),
        pytest.param(b'{"resourceType":"Parameters","parameter":null}', "Parameters.parameter", id="nothing"),
        pytest.param(b'{"resourceType":"Parameters","parameter":{}}', "Parameters.parameter", id="no_array"),
        pytest.param(parameters(GOOD, patient="x"), "Parameters", id="unknown_in_resource"),
        pytest.param(parameters(GOOD, implicitRules="x"), "Parameters", id="modifier_in_resource"),
    ],
)
def test_refuses_a_body_that_is_not_parameters(caller: Caller, body: bytes, expression: str) -> None:
    response = caller.call(body)

    assert refusal_in(response) == not_valid(expression)


@pytest.mark.parametrize(
    ("parameter", "expression"),
    [
        pytest.param(None, first(""), id="null"),
        pytest.param(NAMED, first(""), id="text"),
        pytest.param({"valueString": "a|b"}, first(""), id="no_name"),
        pytest.param({"name": None}, first(".name"), id="null_name"),
        pytest.param({"name": 1}, first(".name"), id="number_as_name"),
        pytest.param({**GOOD, "patient": "x"}, first(""), id="unknown_element"),
        pytest.param({**GOOD, "modifierExtension": []}, first(""), id="modifier_extension"),
        pytest.param({"name": NAMED, "valueBoolean": True}, first(""), id="boolean"),
        pytest.param({"name": NAMED, "valueUri": ADULT.system}, first(""), id="uri"),
        pytest.param({"name": NAMED, "valueDateTime": "2026"}, first(""), id="date_time"),
        pytest.param({"name": NAMED, "valueDate": "2026-12-02"}, first(""), id="date"),
        pytest.param({**GOOD, "valueBoolean": False}, first(""), id="identifier_and_boolean"),
        pytest.param({"name": NAMED, "part": [GOOD]}, first(""), id="parts"),
        pytest.param({"name": NAMED, "resource": {}}, first(".resource"), id="resource"),
        pytest.param({**GOOD, "valueString": "a|b"}, first(""), id="two_values"),
        pytest.param({"name": NAMED, "valueString": 1}, first(".value"), id="number_as_string"),
        pytest.param({"name": NAMED, "valueIdentifier": None}, first(".value"), id="null_identifier"),
        pytest.param({"name": NAMED, "valueIdentifier": "a|b"}, first(".value"), id="text_as_identifier"),
        pytest.param(patient_identifier(ADULT, patient="x"), first(".value"), id="unknown_in_identifier"),
        pytest.param(patient_identifier(ADULT, value=9992000007), first(".value.value"), id="number"),
        pytest.param(patient_identifier(ADULT, value=None), first(".value.value"), id="null_value"),
        pytest.param(patient_identifier(ADULT, system=1), first(".value.system"), id="number_as_system"),
        pytest.param(patient_identifier(ADULT, period="x"), first(".value.period"), id="text_as_period"),
    ],
)
def test_refuses_a_parameter_that_is_not_valid(caller: Caller, parameter: object, expression: str) -> None:
    response = caller.call(parameters(parameter, GOOD))

    assert refusal_in(response) == not_valid(expression)


@pytest.mark.parametrize(
    ("parameter", "element"),
    [
        pytest.param({"name": NAMED}, "value", id="no_value_at_all"),
        pytest.param(of_identifier(value="9992000007"), "value.system", id="no_system"),
        pytest.param(of_identifier(system=NHS), "value.value", id="no_value"),
        pytest.param(of_identifier(system="", value="9992000007"), "value.system", id="empty_system"),
        pytest.param(of_identifier(system=NHS, value=""), "value.value", id="empty_value"),
        pytest.param(of_identifier(), "value.system", id="empty_identifier"),
        pytest.param(of_string(""), "value", id="empty_string"),
        pytest.param(of_string("9992000007"), "value", id="string_without_system"),
        pytest.param(of_string("|9992000007"), "value", id="string_with_empty_system"),
        pytest.param(of_string(f"{NHS}|"), "value", id="string_with_empty_value"),
    ],
)
def test_refuses_an_identifier_that_is_not_complete(
    caller: Caller, parameter: dict[str, Any], element: str
) -> None:
    response = caller.call(parameters(parameter, GOOD, parameter))

    assert refusal_in(response) == incomplete(
        f"Parameters.parameter[0].{element}", f"Parameters.parameter[2].{element}"
    )


@pytest.mark.parametrize(
    "body", [b'{"resourceType":"Parameters"}', parameters()], ids=["no_parameter", "empty_array"]
)
def test_refuses_a_request_without_identifiers(caller_of_each: Caller, body: bytes) -> None:
    response = caller_of_each.call(body)

    assert refusal_in(response) == NO_IDENTIFIERS


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"valueString": "x"}, id="string"),
        pytest.param({"valueBoolean": True}, id="boolean"),
        pytest.param({"resource": {"resourceType": "Patient"}}, id="resource"),
        pytest.param({}, id="no_value"),
    ],
)
def test_refuses_parameters_of_other_names(caller_of_each: Caller, value: dict[str, Any]) -> None:
    response = caller_of_each.call(parameters({"name": "patient", **value}, GOOD, {"name": "count", **value}))

    assert refusal_in(response) == unknown_parameter("Parameters.parameter[0]", "Parameters.parameter[2]")


def test_refuses_the_whole_request_for_unsupported_systems_and_names_them_all(caller_of_each: Caller) -> None:
    record_number = RequestedIdentifier("https://hospital.test/record-number", "4711")
    mistyped = RequestedIdentifier(NHS.value.upper(), "9992000007")

    response = caller_of_each.call(asking_for(record_number, ADULT, mistyped, ADULT, record_number))

    assert refusal_in(response) == unsupported_system(
        *(f"Parameters.parameter[{position}].value" for position in (0, 2, 4))
    )


def test_refuses_more_identifiers_than_the_operation_takes_even_if_all_are_the_same(
    caller_of_each: Caller,
) -> None:
    limit = LIMITS[caller_of_each.operation]

    response = caller_of_each.call(asking_for(*[ADULT] * (limit + 1)))

    assert refusal_in(response) == too_many(limit)


def test_accepts_a_byte_order_mark_before_a_body(caller_of_each: Caller) -> None:
    response = caller_of_each.call(b"\xef\xbb\xbf" + asking_for(ADULT))

    assert response.status_code == 200


def test_accepts_legal_elements_that_it_does_not_read(caller_of_each: Caller) -> None:
    parameter = {
        **patient_identifier(ADULT, id="i", use="official", period={"start": "2020"}, type={"text": "NHS"}),
        "id": "p",
        "extension": [{"url": CHI.value, "valueString": "x"}],
    }

    response = caller_of_each.call(parameters(parameter, id="r", meta={"versionId": "1"}, language="en-GB"))

    assert response.status_code == 200
