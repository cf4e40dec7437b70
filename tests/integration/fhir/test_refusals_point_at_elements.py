"""The expressions of refusals are FHIRPath that leads somewhere, as a library that is not ours reads it."""

import json
from typing import Any

import pytest
from fhirpathpy import evaluate
from fhirpathpy.models import models

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.parameters import BodyNotValid, ElementsMissing, ParametersUnknown
from adapters.fhir.wire_format import WireFormat
from tests.builders import NHS, a_requested_identifier
from tests.fhir_builders import parameters, patient_identifier

ADULT = a_requested_identifier()
GOOD = patient_identifier(ADULT)


def pointed_at(body: bytes) -> list[Any]:
    """Evaluate what the refusal of a body points at, in that body."""
    match read_patient_identifiers(body, WireFormat.JSON, OPERATION).failure():
        case BodyNotValid(expressions) | ElementsMissing(expressions) | ParametersUnknown(expressions):
            pass
        case other:
            raise AssertionError(f"{other} points at nothing")
    resource = json.loads(body)
    return [evaluate(resource, expression, None, models["stu3"]) for expression in expressions]


@pytest.mark.parametrize(
    ("parameter", "element"),
    [
        pytest.param(patient_identifier(ADULT, value=1), 1, id="value"),
        pytest.param(patient_identifier(ADULT, system=2), 2, id="system"),
        pytest.param({"name": "patientIdentifier", "valueString": 3}, 3, id="string"),
        pytest.param({**GOOD, "id": 4}, 4, id="id"),
    ],
)
def test_at_the_value_that_is_of_the_wrong_type(parameter: object, element: object) -> None:
    assert pointed_at(parameters(GOOD, parameter)) == [[element]]


def test_at_the_identifier_with_an_unknown_element() -> None:
    odd = patient_identifier(ADULT, odd="x")

    assert pointed_at(parameters(GOOD, odd)) == [[odd["valueIdentifier"]]]


@pytest.mark.parametrize(
    "odd", [{**GOOD, "odd": 1}, {**GOOD, "valueString": "a|b"}, {"name": "patientIdentifier", "part": [GOOD]}]
)
def test_at_the_parameter_that_is_not_valid(odd: dict[str, Any]) -> None:
    assert pointed_at(parameters(GOOD, odd)) == [[odd]]


def test_at_every_parameter_that_is_unknown() -> None:
    first, last = {"name": "a", "valueString": "x"}, {"name": "b", "valueBoolean": True}

    assert pointed_at(parameters(first, GOOD, last)) == [[first], [last]]


def test_at_the_malformed_token() -> None:
    odd = {"name": "patientIdentifier", "valueString": "no token"}

    assert pointed_at(parameters(GOOD, odd)) == [["no token"]]


def test_at_the_missing_element() -> None:
    odd = {"name": "patientIdentifier", "valueIdentifier": {"system": NHS}}

    assert pointed_at(parameters(GOOD, odd)) == [[]]


def test_at_another_resource_type() -> None:
    read = read_patient_identifiers(b'{"resourceType":"Patient"}', WireFormat.JSON, OPERATION)

    assert read.failure() == BodyNotValid(("Parameters.resourceType",))
