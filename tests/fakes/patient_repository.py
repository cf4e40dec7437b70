"""A repository of patients in memory."""

from collections.abc import Mapping, Sequence
from datetime import date

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
        held_until = self._held_until(organisation_id)
        return {
            identifier: self._patient(organisation_id, patient_id, held_until.get(patient_id))
            for identifier in identifiers
            for patient_id in [self._register.owned.get(identifier)]
            if patient_id is not None
        }

    def _held_until(self, organisation_id: OrganisationId) -> Mapping[PatientId, date]:
        last: dict[PatientId, date] = {}
        for (patient_id, scope, _reason), hold in self._register.holds.items():
            if scope in {None, organisation_id}:
                last[patient_id] = max(last.get(patient_id, date.min), hold.ends_on or date.max)
        return last

    def _patient(
        self, organisation_id: OrganisationId, patient_id: PatientId, held_until: date | None
    ) -> Patient:
        known = self._register.known[patient_id]
        return Patient(
            patient_id,
            known.date_of_birth,
            known.deceased,
            known.registered,
            (organisation_id, patient_id) in self._register.care_relationships,
            held_until,
        )
