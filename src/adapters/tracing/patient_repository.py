"""The span of reading patients."""

from collections.abc import Mapping, Sequence

from adapters.tracing.part_spans import PartSpans
from application.ports.patient_repository import PatientRepository
from domain.organisation import OrganisationId
from domain.patient import Patient
from domain.patient_identifier import PatientIdentifier


class TracedPatientRepository(PatientRepository):
    """Finds whom another finds."""

    def __init__(self, patients: PatientRepository, spans: PartSpans) -> None:
        """Ask `patients`."""
        self._patients = patients
        self._spans = spans

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient."""
        with self._spans.part("read", asked=len(identifiers)):
            return await self._patients.find(organisation_id, identifiers)
