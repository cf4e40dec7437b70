"""What the OpenAPI document says of status-query besides its declaration: examples."""

from dataclasses import dataclass

from litestar.openapi.spec import Example

from adapters.fhir.operations import PATIENT_IDENTIFIER, PATIENT_STATUS, STATUS_QUERY
from adapters.http.openapi.operations import DeclaredOperation, responses


def _identifier(value: str) -> dict[str, object]:
    identifier = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": value}
    return {"name": PATIENT_IDENTIFIER, "valueIdentifier": identifier}


_BODY = {"resourceType": "Parameters", "parameter": [_identifier("9999999999"), _identifier("9990000018")]}

_ANSWER = {
    "resourceType": "Parameters",
    "parameter": [
        {
            "name": PATIENT_STATUS,
            "part": [
                _identifier("9999999999"),
                {"name": "deceased", "valueBoolean": False},
                {"name": "registered", "valueBoolean": True},
                {"name": "dateOfBirth", "valueDate": "1984-02-29"},
            ],
        },
        {
            "name": PATIENT_STATUS,
            "part": [_identifier("9990000018"), {"name": "diagnostics", "valueString": "Not found"}],
        },
    ],
}

RESPONSES = responses(
    STATUS_QUERY, Example(summary="One patient has registered, one is not known", value=_ANSWER)
)


@dataclass
class StatusOperation(DeclaredOperation):
    """The operation as its declaration has it."""

    declaration = STATUS_QUERY
    example_body = _BODY
