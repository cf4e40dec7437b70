"""Any body is read or refused, and never breaks the reader."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.parameters import (
    BodyNotReadable,
    BodyNotValid,
    BodyRefused,
    DateNotFull,
    ElementsMissing,
    ParametersExclusive,
    ParametersMissing,
    ParametersUnknown,
    ValueNotAllowed,
    ValuesMissing,
)
from adapters.fhir.wire_format import WireFormat
from domain.identifiers import RequestedIdentifier
from tests.builders import a_requested_identifier
from tests.fhir_builders import parameters, patient_identifier
from tests.integration.http.support.as_xml import as_xml
from tests.integration.mutations import byte_mutations, json_mutations, json_values, xml_mutations

many = settings(max_examples=500)
some = settings(max_examples=100)

PATH = re.compile(
    r"Parameters(\.(resourceType|id|meta|language|parameter)"
    r"|\.parameter\[\d+\](\.part\[\d+\])*(\.(id|name|extension|resource(\.resourceType)?|part)"
    r"|\.value(\.(id|extension|use|type|system|value|period|assigner))?)?)?"
)
"""Every possible expression: it has FHIR's own names only."""


VALID = parameters(
    patient_identifier(a_requested_identifier(1)),
    {"name": "patientIdentifier", "valueString": "urn:x|1"},
    id="x",
    meta={"versionId": "1"},
)


def expressions_in(refused: BodyRefused) -> tuple[str, ...]:
    match refused:
        case BodyNotReadable():
            return ()
        case BodyNotValid(expressions) | ElementsMissing(expressions) | ParametersUnknown(expressions):
            return expressions
        case (
            ParametersMissing() | ParametersExclusive() | ValueNotAllowed() | ValuesMissing() | DateNotFull()
        ):
            raise AssertionError("the operation takes one parameter")


def check(read: Result[list[RequestedIdentifier], BodyRefused]) -> None:
    """Check what holds of any reading."""
    if isinstance(read, Failure):
        expressions = expressions_in(read.failure())
        assert [expression for expression in expressions if not PATH.fullmatch(expression)] == []
    else:
        assert all(identifier.system and identifier.value for identifier in read.unwrap())


@many
@given(st.binary(max_size=200), st.sampled_from(WireFormat))
def test_any_bytes_are_read_or_refused(body: bytes, wire_format: WireFormat) -> None:
    check(read_patient_identifiers(body, wire_format, OPERATION))


@pytest.mark.full
@many
@given(byte_mutations(VALID))
def test_any_damage_to_a_body_is_read_or_refused(body: bytes) -> None:
    check(read_patient_identifiers(body, WireFormat.JSON, OPERATION))


@pytest.mark.full
@many
@given(byte_mutations(as_xml(VALID)))
def test_any_damage_to_a_body_in_xml_is_read_or_refused(body: bytes) -> None:
    check(read_patient_identifiers(body, WireFormat.XML, OPERATION))


@pytest.mark.full
@many
@given(json_mutations(VALID))
def test_any_change_of_the_structure_is_read_or_refused(body: bytes) -> None:
    check(read_patient_identifiers(body, WireFormat.JSON, OPERATION))


@pytest.mark.full
@many
@given(xml_mutations(as_xml(VALID)))
def test_any_change_of_the_structure_in_xml_is_read_or_refused(body: bytes) -> None:
    check(read_patient_identifiers(body, WireFormat.XML, OPERATION))


@some
@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    check(read_patient_identifiers(json.dumps(value).encode(), WireFormat.JSON, OPERATION))


@some
@given(json_values)
def test_any_value_of_a_parameter_is_read_or_refused(value: object) -> None:
    parameter = {"name": "patientIdentifier", "valueIdentifier": value}

    check(read_patient_identifiers(parameters(parameter), WireFormat.JSON, OPERATION))


texts = st.text(min_size=1)


@some
@given(st.lists(st.builds(RequestedIdentifier, texts, texts), max_size=10))
def test_any_identifiers_are_read_as_they_were_written(identifiers: list[RequestedIdentifier]) -> None:
    body = json.dumps(
        {"resourceType": "Parameters", "parameter": [patient_identifier(each) for each in identifiers]},
        ensure_ascii=False,
    ).encode()

    assert read_patient_identifiers(body, WireFormat.JSON, OPERATION) == Success(identifiers)
