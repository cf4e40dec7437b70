"""The error table, second part: why a request is not carried out."""

from typing import TypeAlias, assert_never

from adapters.fhir.body_refused import (
    BodyNotReadable,
    BodyNotValid,
    BodyRefused,
    ElementsMissing,
    ParametersUnknown,
)
from adapters.fhir.operation_outcome import IssueType
from adapters.fhir.parameters_json import parameter_path
from adapters.http.media_types import MediaTypeRefused, NotAcceptable, UnsupportedMediaType
from adapters.http.refusal import Refusal
from domain.requested_identifiers import (
    IdentifiersRefused,
    NoPatientIdentifier,
    TooManyPatientIdentifiers,
    UnsupportedIdentifierSystems,
)

RequestRefused: TypeAlias = MediaTypeRefused | BodyRefused | IdentifiersRefused


def request_refusal(refused: RequestRefused) -> Refusal:
    """Say what is wrong with the request."""
    match refused:
        case NotAcceptable():
            return Refusal(
                406,
                IssueType.NOT_SUPPORTED,
                "The answer comes as application/fhir+json, which the header Accept rules out.",
                header="Accept",
            )
        case UnsupportedMediaType():
            return Refusal(
                415,
                IssueType.NOT_SUPPORTED,
                "Send the body as application/fhir+json in UTF-8, without a content coding.",
                header="Content-Type",
            )
        case BodyNotReadable():
            return Refusal(
                400,
                IssueType.STRUCTURE,
                "The body is not JSON in UTF-8, or is nested too deep.",
            )
        case BodyNotValid(expression):
            return Refusal(
                400,
                IssueType.STRUCTURE,
                "The body is not a FHIR STU3 Parameters resource as this operation takes it: "
                "an element is unknown, missing, or has a value of the wrong type.",
                expressions=[expression],
            )
        case ElementsMissing(expressions):
            return Refusal(
                400,
                IssueType.REQUIRED,
                "Each patientIdentifier needs an Identifier with system and value.",
                expressions=expressions,
            )
        case ParametersUnknown(expressions):
            return Refusal(
                400,
                IssueType.NOT_SUPPORTED,
                "The operation has no parameter of this name; it takes patientIdentifier.",
                expressions=expressions,
            )
        case NoPatientIdentifier():
            return Refusal(
                400,
                IssueType.REQUIRED,
                "Send at least one parameter patientIdentifier.",
                expressions=["Parameters.parameter"],
            )
        case TooManyPatientIdentifiers(limit):
            return Refusal(
                422,
                IssueType.TOO_LONG,
                f"The operation takes at most {limit} parameters patientIdentifier in a request.",
                expressions=["Parameters.parameter"],
            )
        case UnsupportedIdentifierSystems(positions):
            return Refusal(
                422,
                IssueType.NOT_SUPPORTED,
                "The identifier system is not supported; use that of NHS, CHI or Health & Care numbers.",
                expressions=[f"{parameter_path(position)}.value" for position in positions],
            )
        case _:
            assert_never(refused)
