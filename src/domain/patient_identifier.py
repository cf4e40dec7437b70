"""National patient identifiers: a system, and a number that is valid within it."""

import re
from operator import mul
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.identifier_system import IdentifierSystem

# \d would let other scripts' digits through
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_WEIGHTS = range(10, 0, -1)
_SYSTEMS = {system.value: system for system in IdentifierSystem}


class UnsupportedIdentifierSystem(Struct, frozen=True):
    """The system is none of those that patients are invited by."""


class MalformedIdentifierValue(Struct, frozen=True):
    """The value is not a number of its system, so it names nobody."""


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


def _passes_modulus_11(digits: str) -> bool:
    """Check the digits weighted 10 to 1: with the check digit included, their sum is a multiple of 11.

    A remainder that would need the check digit 10 matches no digit, so it fails here too.
    Source: https://www.datadictionary.nhs.uk/attributes/nhs_number.html
    """
    # "0" is 48 in ASCII; that much of each digit adds 48 * 55 to the sum, itself a multiple of 11
    weighted: int = sum(map(mul, _WEIGHTS, digits.encode()))
    return weighted % 11 == 0
