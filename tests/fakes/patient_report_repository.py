"""A repository of reported patients in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from application.ports.patients import Decide, PatientReportRepository, RecordedChange, StoredPatient
from application.ports.system import Unavailable
from domain.administration import Attribution, Command
from domain.holds import Hold, HoldReason, renewed, restricted_record
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_history import changed_hold, changed_values
from domain.patient_reports import KnownPatient
from domain.patients import PatientId

T = TypeVar("T")

HoldKind = tuple[PatientId, OrganisationId | None, HoldReason]


class InMemoryPatientReportRepository(PatientReportRepository):
    """Stores reports in dictionaries, which the other repositories of patients share."""

    def __init__(self) -> None:
        self.known: dict[PatientId, KnownPatient] = {}
        self.owned: dict[PatientIdentifier, PatientId] = {}
        self.care_relationships: set[tuple[OrganisationId, PatientId]] = set()
        self.first_reported: dict[PatientId, tuple[datetime, OrganisationId]] = {}
        self.holds: dict[HoldKind, Hold] = {}
        self.changes: list[tuple[PatientId, RecordedChange]] = []

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
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        changes, answer = decide(await self.find(identifiers))
        new = {each for known in changes.new.values() for each in known.identifiers}
        if new & self.owned.keys():
            raise Unavailable
        attribution = Attribution(command, organisation_id, recorded_at)
        self.known.update(changes.new)
        self.first_reported.update(dict.fromkeys(changes.new, (recorded_at, organisation_id)))
        for patient, (before, after) in changes.changed.items():
            self.known[patient] = after
            self.changes += [
                (patient, RecordedChange(attribution, value)) for value in changed_values(before, after)
            ]
        self.index()
        self.care_relationships.update((organisation_id, patient) for patient in changes.reported)
        for patient in changes.restricted:
            self.hold(patient, restricted_record(recorded_at), attribution)
        return answer

    def index(self) -> None:
        """Find patients by the identifiers that they have now."""
        self.owned = {each: patient for patient, known in self.known.items() for each in known.identifiers}

    def hold(self, patient: PatientId, hold: Hold, attribution: Attribution) -> bool:
        """Put a patient on hold; say whether that changes something."""
        kind = (patient, hold.organisation_id, hold.reason)
        before = self.holds.get(kind)
        self.holds[kind] = renewed(before, hold)
        if before == self.holds[kind]:
            return False
        value = changed_hold(before, self.holds[kind])
        self.changes.append((patient, RecordedChange(attribution, value)))
        return True
