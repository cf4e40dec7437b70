"""The error table, second part: why a request is not carried out."""

from typing import TypeAlias, assert_never

from adapters.fhir.operation_outcome import IssueType
from adapters.fhir.operation_parameters import parameter_path
from adapters.fhir.operations import PATIENT_IDENTIFIER
from adapters.fhir.parameters import (
    BodyNotReadable,
    BodyNotValid,
    BodyRefused,
    ElementsMissing,
    ParametersUnknown,
)
from adapters.fhir.wire_format import WireFormat
from adapters.http.bodies import BodyNotReceived, BodyTooLarge, CallerGone, TransferFailed
from adapters.http.formats import (
    FormatUnknown,
    MediaTypeRefused,
    NotAcceptable,
    UnsupportedContentCoding,
    UnsupportedMediaType,
)
from adapters.http.refusals.access import too_many_requests
from adapters.http.refusals.refusal import Refusal
from adapters.http.refusals.transport import (
    BAD_REQUEST,
    BODY_NOT_RECEIVED,
    BODY_TOO_LARGE,
    RETRY_AFTER_SECONDS,
)
from application.find_patients import IdentifiersRejected
from application.generate_invitation_tokens.replay import OtherIdentifiers
from application.generate_invitation_tokens.use_case import GenerationRefused
from application.ports.invitations import KeyRetired, RequestInProgress
from domain.idempotency import MalformedIdempotencyKey
from domain.identifiers import NoPatientIdentifier, TooManyPatientIdentifiers, UnsupportedIdentifierSystems
from domain.rate_limits import Throttled

RequestRefused: TypeAlias = MediaTypeRefused | TransferFailed | BodyRefused | MalformedIdempotencyKey
"""Why a request is not read."""

IDEMPOTENCY_HEADER = "Idempotency-Key"

_ALL_PARAMETERS = ["Parameters.parameter"]

_NOT_READABLE = {
    WireFormat.JSON: "The body is not JSON in UTF-8, names a property twice, or is nested too deep.",
    WireFormat.XML: (
        "The body is not XML in UTF-8, has a document type declaration or too much markup, "
        "or is nested too deep."
    ),
}


def request_refusal(refused: RequestRefused) -> Refusal:
    """Say why a request is not read."""
    match refused:
        case NotAcceptable() | FormatUnknown() | UnsupportedMediaType() | UnsupportedContentCoding():
            return media_type_refusal(refused)
        case BodyTooLarge():
            return BODY_TOO_LARGE
        case BodyNotReceived():
            return BODY_NOT_RECEIVED
        case CallerGone():
            return BAD_REQUEST
        case MalformedIdempotencyKey():
            sentence = "The header Idempotency-Key takes 1 to 255 visible ASCII characters, and is sent once."
            return Refusal(400, IssueType.VALUE, sentence, header=IDEMPOTENCY_HEADER)
        case _:
            return body_refusal(refused)


def generation_refusal(refused: GenerationRefused) -> Refusal:
    """Say why no invitation tokens are generated."""
    match refused:
        case OtherIdentifiers():
            sentence = "The Idempotency-Key was sent before, with other identifiers. Send a new one."
            return Refusal(422, IssueType.CONFLICT, sentence, header=IDEMPOTENCY_HEADER)
        case KeyRetired():
            sentence = "The first answer cannot be given again, and nothing new was issued. Send a new key."
            return Refusal(422, IssueType.CONFLICT, sentence, header=IDEMPOTENCY_HEADER)
        case RequestInProgress():
            sentence = "The first request under this Idempotency-Key is still in work. Try again later."
            retry = {"Retry-After": RETRY_AFTER_SECONDS}
            return Refusal(409, IssueType.CONFLICT, sentence, header=IDEMPOTENCY_HEADER, headers=retry)
        case _:
            return naming_refusal(refused)


def media_type_refusal(refused: MediaTypeRefused) -> Refusal:
    """Say which media types would do."""
    sentence = (
        "Send the body as application/fhir+json or application/fhir+xml in UTF-8, without a content coding."
    )
    match refused:
        case NotAcceptable():
            sentence = (
                "The answer comes as application/fhir+json or application/fhir+xml, "
                "which the header Accept rules out."
            )
            return Refusal(406, IssueType.NOT_SUPPORTED, sentence, header="Accept")
        case FormatUnknown():
            sentence = "The answer comes as json or xml, which the parameter _format does not ask for."
            return Refusal(406, IssueType.NOT_SUPPORTED, sentence, header="_format")
        case UnsupportedMediaType():
            return Refusal(415, IssueType.NOT_SUPPORTED, sentence, header="Content-Type")
        case UnsupportedContentCoding():
            return Refusal(415, IssueType.NOT_SUPPORTED, sentence, header="Content-Encoding")
        case _:
            assert_never(refused)


def body_refusal(refused: BodyRefused) -> Refusal:
    """Say what is wrong with the body."""
    match refused:
        case BodyNotReadable(wire_format):
            return Refusal(400, IssueType.STRUCTURE, _NOT_READABLE[wire_format])
        case BodyNotValid(expressions):
            sentence = (
                "The body is not a FHIR STU3 Parameters resource as this operation takes it: "
                "an element is unknown, missing, out of place, or has a value of the wrong type."
            )
            return Refusal(400, IssueType.STRUCTURE, sentence, expressions=expressions)
        case ElementsMissing(expressions):
            sentence = f"Each {PATIENT_IDENTIFIER} needs an Identifier with system and value."
            return Refusal(400, IssueType.REQUIRED, sentence, expressions=expressions)
        case ParametersUnknown(expressions):
            sentence = f"The operation has no parameter of this name; it takes {PATIENT_IDENTIFIER}."
            return Refusal(400, IssueType.NOT_SUPPORTED, sentence, expressions=expressions)
        case _:
            assert_never(refused)


def naming_refusal(refused: IdentifiersRejected) -> Refusal:
    """Say what is wrong with the patient identifiers as a whole."""
    match refused:
        case Throttled():
            return too_many_requests(refused)
        case NoPatientIdentifier():
            sentence = f"Send at least one parameter {PATIENT_IDENTIFIER}."
            return Refusal(400, IssueType.REQUIRED, sentence, expressions=_ALL_PARAMETERS)
        case TooManyPatientIdentifiers(limit):
            sentence = f"The operation takes at most {limit} parameters {PATIENT_IDENTIFIER} in a request."
            return Refusal(422, IssueType.TOO_LONG, sentence, expressions=_ALL_PARAMETERS)
        case UnsupportedIdentifierSystems(positions):
            sentence = (
                f"The system of this {PATIENT_IDENTIFIER} is not supported; "
                "use that of NHS, CHI or Health & Care numbers."
            )
            expressions = [f"{parameter_path(position)}.value" for position in positions]
            return Refusal(422, IssueType.NOT_SUPPORTED, sentence, expressions=expressions)
        case _:
            assert_never(refused)
