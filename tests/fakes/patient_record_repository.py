"""The whole records of patients in memory."""

from collections.abc import Sequence

from msgspec.structs import replace

from application.ports.patients import (
    PatientRecord,
    PatientRecordRepository,
    RecordedChange,
    ShownInvitation,
    StoredPatient,
)
from domain.administration import Attribution
from domain.identifiers import PatientIdentifier
from domain.invitations import Invitation, InvitationLife
from domain.patient_history import unlinked
from domain.patients import PatientId
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class InMemoryPatientRecordRepository(PatientRecordRepository):
    """Shows what an in-memory `PatientReportRepository` and the invitations in memory keep."""

    def __init__(
        self, register: InMemoryPatientReportRepository, invitations: InMemoryInvitationRepository
    ) -> None:
        self._register = register
        self._invitations = invitations

    async def show(self, identifier: PatientIdentifier) -> PatientRecord | None:
        register = self._register
        patient = register.owned.get(identifier)
        if patient is None:
            return None
        return PatientRecord(
            StoredPatient(patient, register.known[patient]),
            register.first_reported.get(patient),
            [organisation for organisation, each in register.care_relationships if each == patient],
            [hold for (held, *_kind), hold in register.holds.items() if held == patient],
            [change for changed, change in register.changes if changed == patient],
            [self._shown(each) for each in self._invitations.invitations if each.patient_id == patient],
        )

    async def unlink(self, identifier: PatientIdentifier, attribution: Attribution) -> PatientId | None:
        register = self._register
        patient = register.owned.get(identifier)
        if patient is None:
            return None
        known = register.known[patient]
        register.known[patient] = replace(known, identifiers=known.identifiers - {identifier})
        register.index()
        register.changes.append((patient, RecordedChange(attribution, unlinked(identifier))))
        self._invitations.revoke([patient], None, attribution.moment)
        return patient

    async def forget(self, patients: Sequence[PatientId]) -> Sequence[PatientId]:
        register, gone = self._register, {*patients}
        kept = [each for each in patients if each in register.known]
        for each in kept:
            del register.known[each]
            register.first_reported.pop(each, None)
        register.index()
        register.care_relationships = {
            (organisation, each) for organisation, each in register.care_relationships if each not in gone
        }
        register.holds = {kind: hold for kind, hold in register.holds.items() if kind[0] not in gone}
        register.changes = [(each, change) for each, change in register.changes if each not in gone]
        self._invitations.invitations = [
            each for each in self._invitations.invitations if each.patient_id not in gone
        ]
        return kept

    def _shown(self, invitation: Invitation) -> ShownInvitation:
        revoked_at = self._invitations.revoked.get(invitation.code_digest)
        return ShownInvitation(
            invitation.organisation_id,
            invitation.request_id,
            InvitationLife(invitation.issued_at, invitation.expires_at, revoked_at=revoked_at),
        )
