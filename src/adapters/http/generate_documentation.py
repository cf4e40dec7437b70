"""What the OpenAPI document says of generate-invitation-tokens besides its declaration: examples."""

from dataclasses import dataclass

from litestar.openapi.spec import Example

from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, PATIENT_IDENTIFIER, PATIENT_TOKENS
from adapters.http.operation_documentation import DeclaredOperation, responses

_IDENTIFIER = {
    "name": PATIENT_IDENTIFIER,
    "valueIdentifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9999999999"},
}

_BODY = {"resourceType": "Parameters", "parameter": [_IDENTIFIER]}

_ANSWER = {
    "resourceType": "Parameters",
    "parameter": [
        {
            "name": PATIENT_TOKENS,
            "part": [
                _IDENTIFIER,
                {"name": "code", "valueString": "7Q2M9KXR4D"},
                {"name": "token", "valueString": "C5H8WZ1N6T"},
                {"name": "expiry", "valueDateTime": "2027-01-01T09:29:23.356+00:00"},
            ],
        }
    ],
}

RESPONSES = responses(GENERATE_INVITATION_TOKENS, Example(summary="One patient invited", value=_ANSWER))


@dataclass
class GenerateOperation(DeclaredOperation):
    """The operation as its declaration has it."""

    declaration = GENERATE_INVITATION_TOKENS
    example_body = _BODY
