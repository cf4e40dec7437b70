"""An object that repeats a property is refused, and nothing that only looks like it."""

import pytest
from returns.result import Failure

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS as OPERATION
from adapters.fhir.parameters import BodyNotReadable
from adapters.fhir.wire_format import WireFormat

SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"


def a_body(identifier: str) -> bytes:
    parameter = f'{{"name":"patientIdentifier","valueIdentifier":{{{identifier}}}}}'
    return f'{{"resourceType":"Parameters","parameter":[{parameter}]}}'.encode()


@pytest.mark.parametrize(
    "identifier",
    [
        pytest.param(f'"system":"{SYSTEM}","value":"1","value":"1"', id="the-same-twice"),
        pytest.param(f'"system":"{SYSTEM}","value":"1","val\\u0075e":"2"', id="once-escaped"),
        pytest.param(
            f'"system":"{SYSTEM}","value":"1","assigner":{{"display":"a","display":"b"}}', id="unread"
        ),
    ],
)
def test_a_repeated_name_in_an_object_is_refused(identifier: str) -> None:
    assert read_patient_identifiers(a_body(identifier), WireFormat.JSON, OPERATION) == Failure(
        BodyNotReadable(WireFormat.JSON)
    )


@pytest.mark.parametrize(
    ("written", "value"),
    [
        pytest.param("\\u0022", '"', id="escaped-quotation-mark"),
        pytest.param('\\"', '"', id="quotation-mark"),
        pytest.param('\\"value\\":\\"value\\"', '"value":"value"', id="json-in-a-string"),
    ],
)
def test_quotation_marks_in_a_value_are_not_taken_for_names(written: str, value: str) -> None:
    read = read_patient_identifiers(
        a_body(f'"system":"{SYSTEM}","value":"{written}"'), WireFormat.JSON, OPERATION
    )

    assert [each.value for each in read.unwrap()] == [value]


def test_a_repetition_too_deep_to_be_looked_for_is_refused() -> None:
    nested = '{"extension":[' * 900 + '{"a":"\\u0022"}' + "]}" * 900

    read = read_patient_identifiers(
        a_body(f'"system":"{SYSTEM}","value":"1","extension":[{nested}]'), WireFormat.JSON, OPERATION
    )

    assert isinstance(read, Failure)


def test_an_escaped_quotation_mark_does_not_hide_a_repetition() -> None:
    hidden = '"use":"\\u0022\\u0022\\u0022\\u0022","value":"1","value":"2"'

    assert read_patient_identifiers(
        a_body(f'"system":"{SYSTEM}",{hidden}'), WireFormat.JSON, OPERATION
    ) == Failure(BodyNotReadable(WireFormat.JSON))
