"""Holds and care relationships in memory."""

from collections.abc import Sequence

from application.ports.patients import CareRepository, RecordedChange
from domain.administration import Attribution
from domain.holds import Hold, HoldReason
from domain.organisations import OrganisationId
from domain.patient_history import ChangedValue, changed_hold, ended_care
from domain.patients import PatientId
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class InMemoryCareRepository(CareRepository):
    """Changes what an in-memory `PatientReportRepository` and the invitations in memory keep."""

    def __init__(
        self, register: InMemoryPatientReportRepository, invitations: InMemoryInvitationRepository
    ) -> None:
        self._register = register
        self._invitations = invitations

    async def place_hold(
        self, patients: Sequence[PatientId], hold: Hold, attribution: Attribution
    ) -> Sequence[PatientId]:
        known = [each for each in patients if each in self._register.known]
        self._invitations.revoke(patients, hold.organisation_id, attribution.moment)
        return [each for each in known if self._register.hold(each, hold, attribution)]

    async def release_hold(
        self, patients: Sequence[PatientId], reason: HoldReason, attribution: Attribution
    ) -> Sequence[PatientId]:
        kinds = [(each, attribution.organisation_id, reason) for each in patients]
        released = [kind for kind in kinds if kind in self._register.holds]
        for kind in released:
            self._change(kind[0], changed_hold(self._register.holds.pop(kind), None), attribution)
        return [patient for patient, _scope, _reason in released]

    async def end_care(
        self, patients: Sequence[PatientId], organisation_id: OrganisationId, attribution: Attribution
    ) -> Sequence[PatientId]:
        related = self._register.care_relationships
        ended = [each for each in patients if (organisation_id, each) in related]
        related.difference_update((organisation_id, each) for each in ended)
        self._invitations.revoke(patients, organisation_id, attribution.moment)
        for each in ended:
            self._change(each, ended_care(), attribution)
        return ended

    def _change(self, patient: PatientId, value: ChangedValue, attribution: Attribution) -> None:
        self._register.changes.append((patient, RecordedChange(attribution, value)))
