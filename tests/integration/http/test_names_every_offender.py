"""A refusal names every wrong identifier, so that a caller can correct a batch at once."""

import json

from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.call import Caller
from tests.integration.http.support.people import ADULT
from tests.integration.http.support.refused import Refused, refusal_in, refused

GOOD = patient_identifier(ADULT)
NUMBER = patient_identifier(ADULT, value=9992000007)
NAMED = "patientIdentifier"


def at(position: int) -> str:
    return f"Parameters.parameter[{position}]"


def not_valid(*expression: str) -> Refused:
    hint = " The resource is Parameters; in XML, its elements are in the namespace http://hl7.org/fhir."
    return refused(
        400,
        "structure",
        "The body is not a FHIR STU3 Parameters resource as this operation takes it: "
        "an element is unknown, missing, out of place, or has a value of the wrong type."
        f"{hint if 'Parameters.resourceType' in expression else ''}",
        expression=list(expression),
    )


def test_names_every_parameter_that_is_not_valid(caller: Caller) -> None:
    response = caller.call(parameters(NUMBER, GOOD, {**GOOD, "odd": 1}, NUMBER, {**GOOD, "name": 1}))

    assert refusal_in(response) == not_valid(
        f"{at(0)}.value.value", at(2), f"{at(3)}.value.value", f"{at(4)}.name"
    )


def test_names_every_parameter_whose_value_is_not_taken(caller: Caller) -> None:
    boolean = {"name": NAMED, "valueBoolean": True}

    response = caller.call(parameters(boolean, GOOD, {"name": NAMED, "part": [GOOD]}, boolean))

    assert refusal_in(response) == not_valid(at(0), at(2), at(3))


def test_names_500_faults_at_most(caller: Caller) -> None:
    response = caller.call(parameters(*[NUMBER] * 1_000))

    assert refusal_in(response) == not_valid(*(f"{at(position)}.value.value" for position in range(500)))


def test_names_the_first_alone_of_more_parameters_than_could_ever_be_asked_for(caller: Caller) -> None:
    response = caller.call(b'{"resourceType":"Parameters","parameter":[' + b"1," * 200_000 + b"1]}")

    assert refusal_in(response) == not_valid(at(0))


def test_names_a_fault_of_the_resource_before_its_parameters(caller: Caller) -> None:
    response = caller.call(json.dumps({"resourceType": "Patient", "parameter": [None, GOOD]}).encode())

    assert refusal_in(response) == not_valid("Parameters.resourceType", at(0))


def test_names_the_first_alone_where_the_body_is_cut_off(caller: Caller) -> None:
    response = caller.call(parameters(NUMBER, NUMBER)[:-1])

    assert refusal_in(response) == not_valid(f"{at(0)}.value.value")
