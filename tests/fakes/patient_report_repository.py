"""A repository of reported patients in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from application.ports.patients import Decide, PatientReportRepository, StoredPatient
from application.ports.system import Unavailable
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import KnownPatient
from domain.patients import PatientId

T = TypeVar("T")


class InMemoryPatientReportRepository(PatientReportRepository):
    """Stores reports in dictionaries, which `InMemoryPatientRepository` reads."""

    def __init__(self) -> None:
        self.known: dict[PatientId, KnownPatient] = {}
        self.owned: dict[PatientIdentifier, PatientId] = {}
        self.care_relationships: set[tuple[OrganisationId, PatientId]] = set()

    async def find(
        self, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        owners = {each: self.owned[each] for each in identifiers if each in self.owned}
        return {each: StoredPatient(patient, self.known[patient]) for each, patient in owners.items()}

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
    ) -> T:
        changes, answer = decide(await self.find(identifiers))
        new = {each for known in changes.new.values() for each in known.identifiers}
        if new & self.owned.keys():
            raise Unavailable
        self.known.update(changes.new)
        self.known.update({each: after for each, (_before, after) in changes.changed.items()})
        self.owned.update(
            {each: patient for patient, known in self.known.items() for each in known.identifiers}
        )
        self.care_relationships.update((organisation_id, patient) for patient in changes.reported)
        return answer
