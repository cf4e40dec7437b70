"""A repository of reported patients in memory."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.ports.patients import IdentifiersTaken, PatientChunk, PatientReportRepository
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import PatientId, PatientRecord


class InMemoryPatientReportRepository(PatientReportRepository):
    """Stores reports in dictionaries, which `InMemoryPatientRepository` reads."""

    def __init__(self) -> None:
        self.records: dict[PatientId, PatientRecord] = {}
        self.owned: dict[PatientIdentifier, PatientId] = {}
        self.care_relationships: set[tuple[OrganisationId, PatientId]] = set()

    async def owners(self, identifiers: Sequence[PatientIdentifier]) -> Mapping[PatientIdentifier, PatientId]:
        return {identifier: self.owned[identifier] for identifier in identifiers if identifier in self.owned}

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        if any(self.owned.get(identifier, owner) != owner for identifier, owner in chunk.owners.items()):
            return Failure(IdentifiersTaken())
        self.records.update(
            {patient: self._merged(patient, each) for patient, each in chunk.patients.items()}
        )
        self.owned.update(chunk.owners)
        self.care_relationships.update((chunk.organisation_id, patient) for patient in chunk.patients)
        return Success(None)

    def _merged(self, patient_id: PatientId, record: PatientRecord) -> PatientRecord:
        if record.registered is not None:
            return record
        known = self.records.get(patient_id)
        return replace(record, registered=known is not None and known.registered)
