"""The identifiers of patients in memory."""

from collections.abc import Sequence

from application.ports.patients import PatientIdentifiers
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.patients import PatientId
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class InMemoryPatientIdentifiers(PatientIdentifiers):
    """Finds the identifiers of an in-memory `PatientReportRepository`."""

    def __init__(self, register: InMemoryPatientReportRepository) -> None:
        self._register = register

    async def find(self, patient_ids: Sequence[PatientId]) -> Sequence[PatientIdentifier]:
        systems = list(IdentifierSystem)
        return [
            identifier
            for patient_id in patient_ids
            for identifier, owner in sorted(
                self._register.owned.items(),
                key=lambda each: (systems.index(each[0].system), each[0].value),
            )
            if owner == patient_id
        ]
