"""What the OpenAPI document says of refusals: each with an example that is one."""

from collections.abc import Mapping

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from msgspec import Struct, to_builtins

from adapters.fhir.operation_outcome import OperationOutcome
from adapters.fhir.parameters import ElementsMissing
from adapters.http.formats import FHIR_JSON, NotAcceptable, UnsupportedMediaType
from adapters.http.refusals.refusal import Refusal, http_refusal
from adapters.http.refusals.transport import body_refusal, media_type_refusal
from adapters.serving.refusals import (
    ACCESS_TOKEN_MISSING,
    NOT_RECEIVED,
    ORGANISATION_FORBIDDEN,
    TOO_LARGE,
    UNAVAILABLE,
    identifiers_refusal,
    throttled_refusal,
    unexpected_refusal,
)
from domain.identifiers import UnsupportedIdentifierSystems
from domain.rate_limits import Throttled


class DocumentedRefusal(Struct, frozen=True):
    """When a status is answered, and one of the refusals that have it."""

    description: str
    example: Refusal

    def response(self) -> ResponseSpec:
        """Describe it."""
        outcome = self.example.outcome()
        example = Example(summary=outcome.issue[0].details.text or None, value=to_builtins(outcome))
        return ResponseSpec(
            OperationOutcome,
            description=self.description,
            media_type=FHIR_JSON,
            generate_examples=False,
            examples=[example],
        )


NOT_ACCEPTABLE = DocumentedRefusal(
    "The header Accept rules out FHIR in JSON and in XML, or the parameter _format does.",
    media_type_refusal(NotAcceptable()),
)


def refusals_of_calls(limit: int) -> Mapping[int, DocumentedRefusal]:
    """Give those that any operation has which takes so many identifiers."""
    missing = ElementsMissing(("Parameters.parameter[0].value.system",))
    return {
        400: DocumentedRefusal(
            "The body or a header is not as it must be; the refusal names it.", body_refusal(missing)
        ),
        401: DocumentedRefusal("There is no valid access token.", http_refusal(ACCESS_TOKEN_MISSING)),
        403: DocumentedRefusal(
            "The access token lacks the scope, or the caller may not act for the organisation.",
            http_refusal(ORGANISATION_FORBIDDEN),
        ),
        406: NOT_ACCEPTABLE,
        408: DocumentedRefusal("The body was not received in time.", http_refusal(NOT_RECEIVED)),
        413: DocumentedRefusal("The body is larger than the service takes.", http_refusal(TOO_LARGE)),
        415: DocumentedRefusal(
            "The body is neither application/fhir+json nor application/fhir+xml, in UTF-8 and not coded.",
            media_type_refusal(UnsupportedMediaType()),
        ),
        422: DocumentedRefusal(
            f"There are more than {limit} identifiers, or some of an unsupported system.",
            http_refusal(identifiers_refusal(UnsupportedIdentifierSystems((0, 3)))),
        ),
        429: DocumentedRefusal(
            "The caller has asked for more than its allowance; Retry-After says when to try again.",
            http_refusal(throttled_refusal(Throttled(1))),
        ),
        500: DocumentedRefusal(
            "An unexpected error occurred.",
            http_refusal(unexpected_refusal("0f8b3c1e-6a55-4d0e-9f2c-0d5a7b1c2e3f")),
        ),
        503: DocumentedRefusal(
            "The service cannot answer now; Retry-After says when to try again.", http_refusal(UNAVAILABLE)
        ),
    }
