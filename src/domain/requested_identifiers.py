"""The identifiers of a request, as the caller wrote them, and how they are read."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.patient_identifier import PatientIdentifier, UnsupportedIdentifierSystem


class RequestedIdentifier(Confidential, frozen=True):
    """A system and a value as they came in."""

    system: str
    value: str


class NoPatientIdentifier(Struct, frozen=True):
    """The request names no patient."""


class TooManyPatientIdentifiers(Struct, frozen=True):
    """The request names more patients than the operation takes."""

    limit: int


class UnsupportedIdentifierSystems(Struct, frozen=True):
    """Identifiers at these positions, counted from 0, are of systems that patients are not invited by."""

    positions: tuple[int, ...]


IdentifiersRefused: TypeAlias = NoPatientIdentifier | TooManyPatientIdentifiers | UnsupportedIdentifierSystems


def read_identifiers(
    requested: Sequence[RequestedIdentifier], limit: int
) -> Result[Sequence[PatientIdentifier | None], IdentifiersRefused]:
    """Read 1 to `limit` identifiers; None stands where a malformed value names nobody.

    One unsupported system refuses the whole request.
    """
    if not requested:
        return Failure(NoPatientIdentifier())
    if len(requested) > limit:
        return Failure(TooManyPatientIdentifiers(limit))
    readings = [PatientIdentifier.parse(identifier.system, identifier.value) for identifier in requested]
    unsupported = tuple(
        position
        for position, reading in enumerate(readings)
        if not isinstance(reading, Success) and isinstance(reading.failure(), UnsupportedIdentifierSystem)
    )
    if unsupported:
        return Failure(UnsupportedIdentifierSystems(unsupported))
    return Success([reading.value_or(None) for reading in readings])
