"""National patient identifiers: the systems, the check of a number, and how a request's are read."""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.results import failed


class IdentifierSystem(StrEnum):
    """A national identifier system; the value is the URI that callers name it by.

    The ranges of the three overlap, so a number means nothing without its system.
    Source: http://dev.patientsknowbest.com/home/fhir-api/identifier-systems
    """

    NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
    CHI_NUMBER = "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53"
    HEALTH_AND_CARE_NUMBER = "urn:uuid:1479257a-ce8f-482a-89fa-429ac066c158"


# \d would let other scripts' digits through
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_SYSTEMS = {system.value: system for system in IdentifierSystem}


class UnsupportedIdentifierSystem(Struct, frozen=True):
    """The service does not support the system."""


class MalformedIdentifierValue(Struct, frozen=True):
    """The value is not a valid number of its system, so no patient has it."""


IdentifierProblem: TypeAlias = UnsupportedIdentifierSystem | MalformedIdentifierValue


class PatientIdentifier(Confidential, frozen=True):
    """A valid national identifier: ten digits without separators, the last one a Modulus 11 check digit.

    Raises ValueError when made of any other value; what comes from outside goes through `parse`.
    """

    system: IdentifierSystem
    value: str

    def __post_init__(self) -> None:
        """Refuse a value that is not a number of the system."""
        if not _TEN_DIGITS.fullmatch(self.value) or not _passes_modulus_11(self.value):
            raise ValueError("not a national identifier")

    @classmethod
    def parse(cls, system: str, value: str) -> Result["PatientIdentifier", IdentifierProblem]:
        """Read an identifier as a caller wrote it; the system is judged before the value."""
        supported = _SYSTEMS.get(system)
        if supported is None:
            return Failure(UnsupportedIdentifierSystem())
        try:
            return Success(cls(supported, value))
        except ValueError:
            return Failure(MalformedIdentifierValue())


def is_placeholder(identifier: PatientIdentifier) -> bool:
    """Say whether all ten digits are equal: systems write such numbers for an unknown one.

    All of them pass the check of the last digit.
    """
    return identifier.value == identifier.value[0] * 10


def _passes_modulus_11(digits: str) -> bool:
    """Check the digits weighted 10 to 1: with the check digit included, their sum is a multiple of 11.

    A remainder that would need the check digit 10 matches no digit, so it fails here too.
    Source: https://www.datadictionary.nhs.uk/attributes/nhs_number.html
    """
    # the first digit is in all ten partial sums, the last one in one
    weighted = sum(accumulate(digits.encode()))
    # "0" is 48 in ASCII; that much of each digit adds 48 * 55 to the sum, itself a multiple of 11
    return weighted % 11 == 0


class RequestedIdentifier(Confidential, frozen=True):
    """A system and a value as the caller sent them."""

    system: str
    value: str


class NoPatientIdentifier(Struct, frozen=True):
    """The request names no patient."""


class TooManyPatientIdentifiers(Struct, frozen=True):
    """The request names more patients than the operation allows."""

    limit: int


class UnsupportedIdentifierSystems(Struct, frozen=True):
    """Identifiers at these positions, counted from 0, are of systems that the service does not support."""

    positions: tuple[int, ...]


InvalidIdentifiers: TypeAlias = NoPatientIdentifier | TooManyPatientIdentifiers | UnsupportedIdentifierSystems


def read_identifiers(
    requested: Sequence[RequestedIdentifier], limit: int
) -> Result[Sequence[PatientIdentifier | None], InvalidIdentifiers]:
    """Read 1 to `limit` identifiers; a malformed value gives None.

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
        if failed(reading) and isinstance(reading.failure(), UnsupportedIdentifierSystem)
    )
    if unsupported:
        return Failure(UnsupportedIdentifierSystems(unsupported))
    return Success([reading.value_or(None) for reading in readings])
