"""The patient identifiers that a message names."""

from collections.abc import Iterable

from returns.result import Failure, Result, Success

from adapters.grpc.generated.invitations.v1.invitations_pb2 import (
    IDENTIFIER_SYSTEM_CHI_NUMBER,
    IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER,
    IDENTIFIER_SYSTEM_NHS_NUMBER,
    IDENTIFIER_SYSTEM_UNSPECIFIED,
    PatientIdentifier,
)
from adapters.grpc.message_refused import FieldsMissing
from domain.identifier_system import IdentifierSystem
from domain.requested_identifiers import RequestedIdentifier

_URIS: dict[int, str] = {
    IDENTIFIER_SYSTEM_UNSPECIFIED: "",
    IDENTIFIER_SYSTEM_NHS_NUMBER: IdentifierSystem.NHS_NUMBER.value,
    IDENTIFIER_SYSTEM_CHI_NUMBER: IdentifierSystem.CHI_NUMBER.value,
    IDENTIFIER_SYSTEM_HEALTH_AND_CARE_NUMBER: IdentifierSystem.HEALTH_AND_CARE_NUMBER.value,
}

_UNKNOWN_NUMBER = "urn:unknown"
"""Stands for a number that is none of the enumeration's, which callers of a later version may send."""


def read_patient_identifiers(
    messages: Iterable[PatientIdentifier],
) -> Result[list[RequestedIdentifier], FieldsMissing]:
    """Read identifiers; which systems there may be, and how many of them, is not judged here."""
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
