"""The messages: how patient identifiers and invitation tokens stand in them, and why one is refused."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    DESCRIPTOR,
    IDENTIFIER_SYSTEM_CHI_NUMBER,
    IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER,
    IDENTIFIER_SYSTEM_NHS_NUMBER,
    IDENTIFIER_SYSTEM_UNSPECIFIED,
    OMISSION_REASON_ALREADY_REGISTERED,
    OMISSION_REASON_DECEASED,
    OMISSION_REASON_NO_CARE_RELATIONSHIP,
    OMISSION_REASON_NO_DATE_OF_BIRTH,
    OMISSION_REASON_NOT_FOUND,
    OMISSION_REASON_NOT_TO_BE_INVITED,
    OMISSION_REASON_UNDER_MINIMUM_AGE,
    GenerateInvitationTokensResponse,
    InvitedPatient,
    OmittedPatient,
    PatientIdentifier,
)
from adapters.grpc.generated.invitations.v1.invitations_pb2 import OmissionReason as ReasonNumber
from application.generate_invitation_tokens.use_case import GeneratedTokens
from domain.eligibility import OmissionReason
from domain.identifiers import IdentifierSystem, RequestedIdentifier

_DESCRIPTOR = DESCRIPTOR.services_by_name["InvitationTokens"]

SERVICE: str = _DESCRIPTOR.full_name
HEALTH: str = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name
REFLECTION: str = reflection.SERVICE_NAME

METHOD_PATHS = frozenset(f"/{SERVICE}/{name}" for name in _DESCRIPTOR.methods_by_name)
"""The paths of the methods of the service."""


def path_of(method: str) -> str:
    """Give the path of a method. Raises KeyError if the service has no method of this name."""
    return f"/{SERVICE}/{_DESCRIPTOR.methods_by_name[method].name}"


class MessageNotReadable(Struct, frozen=True):
    """There is no message, or it is not one of the type that the method takes."""


class MessageNotReceived(Struct, frozen=True):
    """The message did not arrive in time."""


class CallerGone(Struct, frozen=True):
    """The caller hung up, or its deadline passed, before the message arrived."""


class MessageTooLarge(Struct, frozen=True):
    """The message is larger than the service takes."""


class FieldsMissing(Struct, frozen=True):
    """Required fields are not set, of the identifiers at these positions, counted from 0."""

    fields: tuple[str, ...]
    positions: tuple[int, ...]


class ServiceStopping(Struct, frozen=True):
    """The service is about to stop, and reads no more messages."""


ReceiptFailed: TypeAlias = MessageNotReadable | MessageNotReceived | CallerGone | MessageTooLarge
MessageRefused: TypeAlias = ReceiptFailed | FieldsMissing


SYSTEMS: dict[int, str] = {
    IDENTIFIER_SYSTEM_NHS_NUMBER: IdentifierSystem.NHS_NUMBER.value,
    IDENTIFIER_SYSTEM_CHI_NUMBER: IdentifierSystem.CHI_NUMBER.value,
    IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER: IdentifierSystem.HEALTH_AND_CARE_NUMBER.value,
}

_URIS = {IDENTIFIER_SYSTEM_UNSPECIFIED: "", **SYSTEMS}

_UNKNOWN_NUMBER = "urn:unknown"
"""The system of a number outside the enumeration, which callers of a later version may send."""


def read_patient_identifiers(
    messages: Iterable[PatientIdentifier],
) -> Result[list[RequestedIdentifier], FieldsMissing]:
    """Read identifiers. The domain decides which systems are supported, and how many identifiers."""
    identifiers = [RequestedIdentifier(_system(each), each.value) for each in messages]
    missing = [
        (position, field)
        for position, identifier in enumerate(identifiers)
        for field, value in (("system", identifier.system), ("value", identifier.value))
        if not value
    ]
    if not missing:
        return Success(identifiers)
    fields = tuple(f"identifiers[{position}].{field}" for position, field in missing)
    return Failure(FieldsMissing(fields, tuple(dict.fromkeys(position for position, _field in missing))))


def _system(message: PatientIdentifier) -> str:
    return message.system_uri or _URIS.get(message.system_code, _UNKNOWN_NUMBER)


REASONS: dict[OmissionReason, ReasonNumber] = {
    OmissionReason.NOT_FOUND: OMISSION_REASON_NOT_FOUND,
    OmissionReason.NO_CARE_RELATIONSHIP: OMISSION_REASON_NO_CARE_RELATIONSHIP,
    OmissionReason.NOT_TO_BE_INVITED: OMISSION_REASON_NOT_TO_BE_INVITED,
    OmissionReason.DECEASED: OMISSION_REASON_DECEASED,
    OmissionReason.ALREADY_REGISTERED: OMISSION_REASON_ALREADY_REGISTERED,
    OmissionReason.NO_DATE_OF_BIRTH: OMISSION_REASON_NO_DATE_OF_BIRTH,
    OmissionReason.UNDER_MINIMUM_AGE: OMISSION_REASON_UNDER_MINIMUM_AGE,
}


def tokens_answer(
    generated: GeneratedTokens,
    identifiers: Sequence[RequestedIdentifier],
    asked: Sequence[PatientIdentifier],
    *,
    include_omitted: bool,
) -> GenerateInvitationTokensResponse:
    """Write the answer. It repeats each identifier as it was first `asked` for."""
    first_asked = dict(zip(reversed(identifiers), reversed(asked), strict=True))
    invited = []
    for patient in generated.invited:
        token = patient.invitation_token
        invited.append(
            InvitedPatient(
                identifier=first_asked[patient.identifier],
                code=token.code,
                token=token.token,
                expiry=token.expires_at,
            )
        )
    omitted = [
        OmittedPatient(identifier=asked[each.position], reason=REASONS[each.reason])
        for each in (generated.omitted if include_omitted else ())
    ]
    return GenerateInvitationTokensResponse(invited=invited, omitted=omitted, replayed=generated.replayed)
