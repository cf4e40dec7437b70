"""The answer, written and read."""

import pytest
from msgspec import UNSET, json

from adapters.fhir.generate_invitation_tokens import patient_tokens, read_omissions, read_patient_tokens
from adapters.fhir.parameters import Parameter, Parameters
from application.generate_invitation_tokens.use_case import GeneratedTokens, InvitedPatient
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationToken
from tests import fhir_builders
from tests.builders import EXPIRY, a_request_id, a_requested_identifier

CODE = "7Q2M9KXR4D"
TOKEN = "C5H8WZ1N6T"
INVITED = InvitedPatient(a_requested_identifier(), InvitationToken(CODE, TOKEN, EXPIRY))


def generated(*invited: InvitedPatient) -> GeneratedTokens:
    return GeneratedTokens(a_request_id(), a_request_id(), len(invited), invited, [])


def written(*invited: InvitedPatient) -> bytes:
    return json.encode(patient_tokens(generated(*invited)))


def test_writes_the_published_example() -> None:
    assert written(INVITED) == (
        b'{"resourceType":"Parameters","parameter":[{"name":"patientTokens","part":['
        b'{"name":"patientIdentifier","valueIdentifier":'
        b'{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000107"}},'
        b'{"name":"code","valueString":"7Q2M9KXR4D"},{"name":"token","valueString":"C5H8WZ1N6T"},'
        b'{"name":"expiry","valueDateTime":"2027-01-01T09:29:23.356+00:00"}]}]}'
    )


def test_writes_no_parameter_without_patients() -> None:
    assert written() == b'{"resourceType":"Parameters"}'


def test_writes_milliseconds_even_when_they_are_zero() -> None:
    on_the_second = InvitationToken(CODE, TOKEN, EXPIRY.replace(microsecond=0))

    assert b'"2027-01-01T09:29:23.000+00:00"' in written(InvitedPatient(INVITED.identifier, on_the_second))


@pytest.mark.parametrize(
    "shown", [generated(INVITED), patient_tokens(generated(INVITED))], ids=["told", "written"]
)
def test_the_repr_of_an_answer_shows_nothing_personal(shown: object) -> None:
    secrets = (CODE, TOKEN, INVITED.identifier.value)

    assert [secret for secret in secrets if secret in repr(shown)] == []


def test_reads_back_what_it_wrote() -> None:
    invited = [INVITED, InvitedPatient(RequestedIdentifier("urn:x", "é|"), InvitationToken("1", "2", EXPIRY))]

    read = read_patient_tokens(json.decode(written(*invited), type=Parameters))

    assert read == invited


@pytest.mark.parametrize("order", [[3, 2, 1, 0], [1, 0, 3, 2]])
def test_reads_parts_in_any_order(order: list[int]) -> None:
    [entry] = patient_tokens(generated(INVITED)).parameter or []
    parts = entry.part or []

    shuffled = Parameter(name="patientTokens", part=[parts[position] for position in order])

    assert read_patient_tokens(Parameters(resource_type="Parameters", parameter=[shuffled])) == [INVITED]


@pytest.mark.parametrize("missing", range(4), ids=["patientIdentifier", "code", "token", "expiry"])
def test_refuses_to_read_an_entry_without_one_of_its_parts(missing: int) -> None:
    [entry] = patient_tokens(generated(INVITED)).parameter or []
    parts = [part for position, part in enumerate(entry.part or []) if position != missing]
    incomplete = Parameters(
        resource_type="Parameters", parameter=[Parameter(name="patientTokens", part=parts or UNSET)]
    )

    with pytest.raises(ValueError, match="not complete"):
        read_patient_tokens(incomplete)


@pytest.mark.parametrize("code", ["deceased", "X.1_y-z", "a" * 64])
def test_reads_the_reason_of_an_omission(code: str) -> None:
    assert read_omissions(_omitted(code)) == {"Parameters.parameter[0]": code}


@pytest.mark.parametrize(
    "code",
    ["", "=1+1", "+1", "-1", "@x", "a\nb", "a\x1b[2J", "\ta", "a,b", 'a"b', "a b", "\u202ea", "a" * 65],
)
def test_reads_no_reason_that_a_terminal_or_a_spreadsheet_would_obey(code: str) -> None:
    assert read_omissions(_omitted(code)) == {}


def _omitted(code: str) -> Parameters:
    issue = {
        "severity": "information",
        "code": "informational",
        "diagnostics": "The patient is not invited.",
        "details": {"coding": [{"system": "x", "code": code}]},
        "expression": ["Parameters.parameter[0]"],
    }
    outcome = {"name": "outcome", "resource": {"resourceType": "OperationOutcome", "issue": [issue]}}
    return json.decode(fhir_builders.parameters(outcome), type=Parameters)
