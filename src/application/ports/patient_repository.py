"""The port to the patients that are known."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.organisation import OrganisationId
from domain.patient import Patient
from domain.patient_identifier import PatientIdentifier


class PatientRepository(Protocol):
    """Finds patients by national identifier."""

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient under each of the identifiers that names them.

        Patients are as the organisation sees them; identifiers that name nobody are absent.

        Raises `Unavailable`.
        """
        ...
