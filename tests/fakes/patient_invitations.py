"""Batches and the lives of invitations in memory."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from application.ports.invitations import (
    InvitationBatches,
    InvitationRevocations,
    PatientInvitations,
    Revocation,
    RevokedInvitations,
)
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.invitations import Invitation, PatientInvitation, RequestId
from domain.organisations import OrganisationId
from domain.patients import PatientId
from tests.fakes.invitation_repository import InMemoryInvitationRepository


class InMemoryPatientInvitations(InvitationBatches, PatientInvitations, InvitationRevocations):
    """Finds and revokes the invitations of an in-memory repository."""

    def __init__(self, store: InMemoryInvitationRepository) -> None:
        self._store = store

    async def patients(self, organisation_id: OrganisationId, batch: RequestId) -> Sequence[PatientId] | None:
        for event in self._store.events:
            is_batch = event.request_id == batch and event.organisation_id == organisation_id
            if is_batch and (event.operation, event.outcome) == (
                Operation.GENERATE_INVITATION_TOKENS,
                Outcome.CARRIED_OUT,
            ):
                return event.issued_patients
        return None

    async def find(
        self, organisation_id: OrganisationId, patient_ids: Sequence[PatientId]
    ) -> Mapping[PatientId, Sequence[PatientInvitation]]:
        found: dict[PatientId, list[PatientInvitation]] = {}
        for each in self._store.invitations:
            if each.organisation_id == organisation_id and each.patient_id in patient_ids:
                found.setdefault(each.patient_id, []).append(
                    PatientInvitation(each.request_id, self._store.life_of(each))
                )
        return found

    async def revoke(
        self, revocation: Revocation, event_of: Callable[[RevokedInvitations], AuditEvent]
    ) -> RevokedInvitations:
        revoked: list[PatientId] = []
        redeemed: set[PatientId] = set()
        for each in filter(lambda each: _concerns(revocation, each), self._store.invitations):
            life = self._store.life_of(each)
            if life.redeemed_at is not None:
                redeemed.add(each.patient_id)
            elif self._store.revoke_if_open(each, revocation.revoked_at):
                revoked.append(each.patient_id)
        for name, remembered in self._store.remembered.items():
            if revocation.batch == remembered.request_id:
                self._store.remembered[name] = replace(remembered, revoked=True)
        done = RevokedInvitations(len(revoked), tuple(dict.fromkeys(revoked)), frozenset(redeemed))
        self._store.events.append(event_of(done))
        return done


def _concerns(revocation: Revocation, invitation: Invitation) -> bool:
    return (
        invitation.organisation_id == revocation.organisation_id
        and invitation.patient_id in revocation.patient_ids
        and revocation.batch in {None, invitation.request_id}
    )
