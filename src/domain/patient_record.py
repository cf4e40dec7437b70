"""What an organisation reports about one of its patients."""

from datetime import date

from msgspec import Struct

from domain.patient_identifier import PatientIdentifier


class PatientRecord(Struct, frozen=True):
    """A patient under one or more national identifiers.

    `date_of_birth` is None unless known in full, `registered` is None where nothing is said of it.
    """

    identifiers: tuple[PatientIdentifier, ...]
    date_of_birth: date | None
    deceased: bool
    registered: bool | None

    def __repr__(self) -> str:
        """Show nothing: all of it is personal."""
        return "PatientRecord(<hidden>)"
