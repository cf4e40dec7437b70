"""What the OpenAPI document says of generate-invitation-tokens besides its declaration: examples."""

from dataclasses import dataclass

from litestar.openapi.spec import Example, OpenAPIType, Parameter, Schema

from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, PATIENT_IDENTIFIER, PATIENT_TOKENS
from adapters.http.openapi.operations import DeclaredOperation, responses
from adapters.http.openapi.refusals import DocumentedRefusal
from adapters.http.refusals.refusal import IDEMPOTENCY_HEADER, http_refusal
from adapters.serving.refusals import generation_refusal, identifiers_refusal
from application.ports.invitations import RequestInProgress
from domain.identifiers import UnsupportedIdentifierSystems

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

_IDEMPOTENCY_KEY = Parameter(
    name=IDEMPOTENCY_HEADER,
    param_in="header",
    description="To send the request again if its answer is lost, and get the same answer.",
    schema=Schema(type=OpenAPIType.STRING, pattern="^[!-~]{1,255}$"),
)
_PREFER = Parameter(
    name="Prefer",
    param_in="header",
    description="`return=OperationOutcome` asks why patients are left out.",
    schema=Schema(type=OpenAPIType.STRING),
)

RESPONSES = {
    **responses(GENERATE_INVITATION_TOKENS, Example(summary="One patient invited", value=_ANSWER)),
    422: DocumentedRefusal(
        f"There are more than {GENERATE_INVITATION_TOKENS.limit} identifiers, or some of an unsupported "
        "system; or the Idempotency-Key was sent before, with others.",
        http_refusal(identifiers_refusal(UnsupportedIdentifierSystems((0, 3)))),
    ).response(),
    409: DocumentedRefusal(
        "The first request under the Idempotency-Key is still in progress; Retry-After says when to ask.",
        http_refusal(generation_refusal(RequestInProgress())),
    ).response(),
}


@dataclass
class GenerateOperation(DeclaredOperation):
    """The operation as its declaration has it."""

    declaration = GENERATE_INVITATION_TOKENS
    example_body = _BODY

    def __post_init__(self) -> None:
        """Add the headers that this operation alone takes."""
        super().__post_init__()
        self.parameters = [*(self.parameters or ()), _IDEMPOTENCY_KEY, _PREFER]
