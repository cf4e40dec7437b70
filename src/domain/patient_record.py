"""What an organisation reports about one of its patients."""

from datetime import date

from msgspec import structs

from domain.confidential import Confidential
from domain.patient_identifier import PatientIdentifier


class PatientRecord(Confidential, frozen=True):
    """A patient under one or more national identifiers.

    `date_of_birth` is None unless known in full, `registered` is None where nothing is said of it.
    """

    identifiers: tuple[PatientIdentifier, ...]
    date_of_birth: date | None
    deceased: bool
    registered: bool | None

    def superseding(self, earlier: "PatientRecord") -> "PatientRecord":
        """Give what is known after an earlier record and this one, which counts where it says anything."""
        if self.registered is not None:
            return self
        return structs.replace(self, registered=earlier.registered)
