"""What the OpenAPI document says of generate-invitation-tokens."""

from dataclasses import dataclass

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)

from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.parameters import Parameters
from adapters.http.access_refusals import ORGANISATION_HEADER
from adapters.http.docs_page import ACCESS_TOKEN
from application.generate_invitation_tokens import MAX_PATIENT_IDENTIFIERS

_FHIR = "application/fhir+json"

_IDENTIFIER = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9999999999"}

_REQUEST = {
    "resourceType": "Parameters",
    "parameter": [{"name": "patientIdentifier", "valueIdentifier": _IDENTIFIER}],
}

_ANSWER = {
    "resourceType": "Parameters",
    "parameter": [
        {
            "name": "patientTokens",
            "part": [
                {"name": "patientIdentifier", "valueIdentifier": _IDENTIFIER},
                {"name": "code", "valueString": "7Q2M9KXR4D"},
                {"name": "token", "valueString": "C5H8WZ1N6T"},
                {"name": "expiry", "valueDateTime": "2027-01-01T09:29:23.356+00:00"},
            ],
        }
    ],
}

_REFUSALS = {
    400: "The body or the header X-Org-Public-Id is not as it must be.",
    401: "There is no valid access token.",
    403: "The access token lacks the scope, or the caller may not act for the organisation.",
    406: "The header Accept rules out application/fhir+json.",
    408: "The body was not received in time.",
    413: "The body is larger than the service takes.",
    415: "The body is not application/fhir+json.",
    422: "There are more identifiers than 500, or some of an unsupported system.",
    500: "An unexpected error occurred.",
    503: "The service cannot answer now; Retry-After says when to try again.",
}

RESPONSES = {
    200: ResponseSpec(
        Parameters,
        description="The tokens of the patients invited, in request order; empty when there are none.",
        media_type=_FHIR,
        generate_examples=False,
        examples=[Example(summary="One patient invited", value=_ANSWER)],
    ),
    **{
        status: ResponseSpec(
            OperationOutcome, description=description, media_type=_FHIR, generate_examples=False
        )
        for status, description in _REFUSALS.items()
    },
}


@dataclass
class GenerateOperation(Operation):
    """The operation with its body and headers, which the handler reads by itself."""

    def __post_init__(self) -> None:
        """Fill in what cannot be seen from the handler's signature."""
        self.tags = ["Organization"]
        self.summary = "Generate invitation tokens"
        self.description = (
            "Generates a code and a token for each patient who may be invited. Left out are patients who are "
            "deceased, not found, already registered, without a date of birth, under 16, or not of the "
            "organisation. One unsupported identifier system rejects the whole request."
        )
        self.security = [{ACCESS_TOKEN: []}]
        self.parameters = [
            Parameter(
                name=ORGANISATION_HEADER,
                param_in="header",
                required=True,
                description="The UUID of the organisation that invites.",
                schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID),
            )
        ]
        self.request_body = RequestBody(
            content={
                _FHIR: OpenAPIMediaType(
                    schema=Reference(ref="#/components/schemas/Parameters"), example=_REQUEST
                )
            },
            description=f"1 to {MAX_PATIENT_IDENTIFIERS} parameters `patientIdentifier`.",
            required=True,
        )
