"""A repository of patients in memory."""

from collections.abc import Mapping, Sequence

from application.ports.patients import PatientRepository
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class InMemoryPatientRepository(PatientRepository):
    """Finds the patients of an in-memory `PatientReportRepository`."""

    def __init__(self, register: InMemoryPatientReportRepository) -> None:
        self._register = register

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        owners = await self._register.owners(identifiers)
        return {identifier: self._patient(organisation_id, owner) for identifier, owner in owners.items()}

    def _patient(self, organisation_id: OrganisationId, patient_id: PatientId) -> Patient:
        record = self._register.records[patient_id]
        return Patient(
            patient_id,
            record.date_of_birth,
            record.deceased,
            bool(record.registered),
            (organisation_id, patient_id) in self._register.care_relationships,
        )
