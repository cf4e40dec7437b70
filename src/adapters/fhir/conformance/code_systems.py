"""The code systems of answers and audit events.

Source: http://hl7.org/fhir/STU3/codesystem.html
"""

from typing import Literal, assert_never

from adapters.fhir.elements import Coding, Definition, Element
from adapters.fhir.operation_outcome import RESPONSE_CODE_SYSTEM, ResponseCode
from domain.eligibility import OmissionReason


class Concept(Element, frozen=True, kw_only=True):
    """A code and its meaning."""

    code: str
    display: str
    definition: str


class CodeSystem(Definition, frozen=True, kw_only=True):
    """Codes and their meanings: all codes of the system, or the ones in use here."""

    title: str
    status: Literal["active"]
    description: str
    case_sensitive: bool
    content: Literal["complete", "fragment"]
    concept: list[Concept]


def response_codes() -> CodeSystem:
    """List the codes of the published system that occur in refusals."""
    return CodeSystem(
        resource_type="CodeSystem",
        id="response-code",
        url=RESPONSE_CODE_SYSTEM,
        name="response-code",
        title="Response codes",
        status="active",
        description="Why access was refused, in issue.details of an OperationOutcome.",
        case_sensitive=True,
        content="fragment",
        concept=[
            Concept(code=code.value, display=code.display, definition=_meaning_of_response(code))
            for code in ResponseCode
        ],
    )


def omission_reasons(base_url: str) -> CodeSystem:
    """List the reasons why an answer omits patients.

    The URL of the system is the address where this service publishes it:
    http://hl7.org/fhir/STU3/codesystem-definitions.html#CodeSystem.url .
    """
    return CodeSystem(
        resource_type="CodeSystem",
        id="omission-reason",
        url=_omission_reason_url(base_url),
        name="omission-reason",
        title="Omission reasons",
        status="active",
        description=(
            "Why the answer to generate-invitation-tokens omits a patient: the first reason that applies, in "
            "this order. A caller that prefers return=OperationOutcome and may use status-query gets it."
        ),
        case_sensitive=True,
        content="complete",
        concept=[
            Concept(
                code=reason.value,
                display=_display(reason),
                definition=_meaning_of_reason(reason),
            )
            for reason in OmissionReason
        ],
    )


def omission_reason(reason: OmissionReason, base_url: str) -> Coding:
    """Write a reason as a code of the system."""
    return Coding(system=_omission_reason_url(base_url), code=reason.value, display=_display(reason))


def _omission_reason_url(base_url: str) -> str:
    return f"{base_url.rstrip('/')}/CodeSystem/omission-reason"


def _display(reason: OmissionReason) -> str:
    return reason.value.replace("-", " ").capitalize()


def _meaning_of_response(code: ResponseCode) -> str:
    match code:
        case ResponseCode.ACC_TOKEN_EXPIRED:
            return "The access token has expired. Request a new one."
        case ResponseCode.BAD_AUTHENTICATION:
            return "The access token is missing, or is not valid for this service."
        case ResponseCode.USER_TYPE_NOT_PERM:
            return "The access token does not permit the operation."
        case _:
            assert_never(code)


def _meaning_of_reason(reason: OmissionReason) -> str:
    match reason:
        case OmissionReason.NOT_FOUND:
            return "No patient has the identifier, or it is not a valid number of its system."
        case OmissionReason.NO_CARE_RELATIONSHIP:
            return "The organisation has no care relationship with the patient."
        case OmissionReason.NOT_TO_BE_INVITED:
            return "The patient must not be invited."
        case OmissionReason.DECEASED:
            return "The patient has died."
        case OmissionReason.ALREADY_REGISTERED:
            return "The patient has already registered."
        case OmissionReason.NO_DATE_OF_BIRTH:
            return "The patient's full date of birth is unknown."
        case OmissionReason.UNDER_MINIMUM_AGE:
            return "The patient is under the minimum age today in Europe/London."
        case _:
            assert_never(reason)
