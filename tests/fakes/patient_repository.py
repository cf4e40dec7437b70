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
        return {
            identifier: self._patient(organisation_id, self._register.owned[identifier])
            for identifier in identifiers
            if identifier in self._register.owned
        }

    def _patient(self, organisation_id: OrganisationId, patient_id: PatientId) -> Patient:
        known = self._register.known[patient_id]
        return Patient(
            patient_id,
            known.date_of_birth,
            known.deceased,
            known.registered,
            (organisation_id, patient_id) in self._register.care_relationships,
            max(
                (
                    hold.ends_on or date.max
                    for (held, scope, _reason), hold in self._register.holds.items()
                    if held == patient_id and scope in {None, organisation_id}
                ),
                default=None,
            ),
        )
