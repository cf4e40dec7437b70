"""The code systems that answers and audit events refer to.

Source: http://hl7.org/fhir/STU3/codesystem.html
"""

from typing import Literal, assert_never

from adapters.fhir.elements import Coding, Definition, Element
from adapters.fhir.operation_outcome import RESPONSE_CODE_SYSTEM, ResponseCode
from domain.eligibility import OmissionReason


class Concept(Element, frozen=True, kw_only=True):
    """A code and what it means."""

    code: str
    display: str
    definition: str


class CodeSystem(Definition, frozen=True, kw_only=True):
    """Codes and what they mean: all of the system's, or those that are used here."""

    title: str
    status: Literal["active"]
    description: str
    case_sensitive: bool
    content: Literal["complete", "fragment"]
    concept: list[Concept]


def response_codes() -> CodeSystem:
    """List the codes of refusals: of the published system, those that occur here."""
    return CodeSystem(
        resource_type="CodeSystem",
        id="response-code",
        url=RESPONSE_CODE_SYSTEM,
        name="response-code",
        title="Response codes",
        status="active",
        description="Why access was refused, as issue.details of an OperationOutcome says it.",
        case_sensitive=True,
        content="fragment",
        concept=[
            Concept(code=code.value, display=code.display, definition=_meaning_of_response(code))
            for code in ResponseCode
        ],
    )


def omission_reasons(base_url: str) -> CodeSystem:
    """List why patients are left out of an answer.

    The system is known by the address where this service publishes it, as
    http://hl7.org/fhir/STU3/codesystem-definitions.html#CodeSystem.url wants it.
    """
    return CodeSystem(
        resource_type="CodeSystem",
        id="omission-reason",
        url=_omission_reason_url(base_url),
        name="omission-reason",
        title="Omission reasons",
        status="active",
        description=(
            "Why a patient is left out of the answer to generate-invitation-tokens: the first reason that "
            "applies, in this order. A caller that prefers return=OperationOutcome and may use status-query "
            "is told it."
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
    """Give a reason as a code of the system."""
    return Coding(system=_omission_reason_url(base_url), code=reason.value, display=_display(reason))


def _omission_reason_url(base_url: str) -> str:
    return f"{base_url.rstrip('/')}/CodeSystem/omission-reason"


def _display(reason: OmissionReason) -> str:
    return reason.value.replace("-", " ").capitalize()


def _meaning_of_response(code: ResponseCode) -> str:
    match code:
        case ResponseCode.ACC_TOKEN_EXPIRED:
            return "The access token is past its life; a new one is needed."
        case ResponseCode.BAD_AUTHENTICATION:
            return "There is no access token, or none that is valid for this service."
        case ResponseCode.USER_TYPE_NOT_PERM:
            return "The access token does not allow its holder to call the operation."
        case _:
            assert_never(code)


def _meaning_of_reason(reason: OmissionReason) -> str:
    match reason:
        case OmissionReason.NOT_FOUND:
            return "The identifier names nobody known, or is not a valid number of its system."
        case OmissionReason.NO_CARE_RELATIONSHIP:
            return "The organisation has no care relationship with the patient."
        case OmissionReason.DECEASED:
            return "The patient has died."
        case OmissionReason.ALREADY_REGISTERED:
            return "The patient has registered before."
        case OmissionReason.NO_DATE_OF_BIRTH:
            return "The patient's full date of birth is unknown."
        case OmissionReason.UNDER_MINIMUM_AGE:
            return "The patient is younger, today in Europe/London, than patients must be to be invited."
        case _:
            assert_never(reason)
