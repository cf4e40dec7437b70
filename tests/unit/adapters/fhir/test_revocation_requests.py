"""What a body of revoke-invitations says is read, as far as the operation allows it."""

from msgspec import json

from adapters.fhir.invitation_operations import REVOKE_INVITATIONS
from adapters.fhir.invitation_requests import read_revocation_request
from adapters.fhir.wire_format import WireFormat
from tests.builders import an_nhs_number

SYSTEM = "https://fhir.nhs.uk/Id/nhs-number"


def _body(identifiers: int) -> bytes:
    parameters = [
        {"name": "patientIdentifier", "valueIdentifier": {"system": SYSTEM, "value": an_nhs_number(number)}}
        for number in range(identifiers)
    ]
    reason = {"name": "reason", "valueCode": "misprinted"}
    return json.encode({"resourceType": "Parameters", "parameter": [*parameters, reason]})


def test_a_reason_behind_far_too_many_identifiers_is_not_missed() -> None:
    read = read_revocation_request(_body(REVOKE_INVITATIONS.limit + 100), WireFormat.JSON).unwrap()

    assert isinstance(read.named, list)
    assert len(read.named) == REVOKE_INVITATIONS.limit + 1
