"""A repository of redemptions in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from application.ports.redemption import (
    AttemptCounted,
    AttemptNotCounted,
    AttemptTakenBack,
    Claimed,
    Decide,
    FailedClaims,
    InvitationChange,
    Redeemed,
    RedemptionRepository,
)
from domain.invitations import Invitation, InvitationLife
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId
from domain.redemption import InvitationToRedeem
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository

T = TypeVar("T")


class Fate(Struct):
    """What has become of an invitation."""

    life: InvitationLife
    claim_digest: bytes | None = None
    claimed_by: str | None = None


class InMemoryRedemptions(RedemptionRepository, FailedClaims):
    """Redeems the invitations of an in-memory `InvitationRepository`. A test may read and set the rest."""

    def __init__(
        self, invitations: InMemoryInvitationRepository, register: InMemoryPatientReportRepository
    ) -> None:
        self._invitations = invitations
        self._register = register
        self.fates: dict[bytes, Fate] = {}
        self.failures: list[tuple[PatientId, bytes, datetime]] = []
        self.disabled: set[OrganisationId] = set()

    async def by_code(self, code_digests: Sequence[bytes], since: datetime, decide: Decide[T]) -> T:
        found = [each for each in self._invitations.invitations if each.code_digest in code_digests]
        return self._decided(found, since, decide)

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        claimed = {code for code, fate in self.fates.items() if fate.claim_digest in claim_digests}
        found = [each for each in self._invitations.invitations if each.code_digest in claimed]
        return self._decided(found, None, decide)

    async def forget(self, before: datetime) -> int:
        kept = [each for each in self.failures if each[2] >= before]
        forgotten = len(self.failures) - len(kept)
        self.failures = kept
        return forgotten

    def _decided(self, found: Sequence[Invitation], since: datetime | None, decide: Decide[T]) -> T:
        decision, answer = decide(self._to_redeem(found[0], since) if found else None)
        if found and decision.change is not None:
            self._store(found[0], decision.change)
        if decision.event is not None:
            self._invitations.events.append(decision.event)
        return answer

    def _fate(self, invitation: Invitation) -> Fate:
        life = InvitationLife(invitation.issued_at, invitation.expires_at)
        return self.fates.setdefault(invitation.code_digest, Fate(life))

    def _to_redeem(self, invitation: Invitation, since: datetime | None) -> InvitationToRedeem:
        fate = self._fate(invitation)
        known = self._register.known[invitation.patient_id]
        related = (invitation.organisation_id, invitation.patient_id) in self._register.care_relationships
        return InvitationToRedeem(
            Patient(invitation.patient_id, known.date_of_birth, known.deceased, known.registered, related),
            () if since else sorted(known.identifiers, key=lambda each: (each.system, each.value)),
            invitation.organisation_id,
            invitation.organisation_id not in self.disabled,
            invitation.token_digest,
            invitation.key_id,
            fate.life,
            [
                at
                for patient, _, at in self.failures
                if since and patient == invitation.patient_id and at >= since
            ],
            fate.claimed_by,
        )

    def _store(self, invitation: Invitation, change: InvitationChange) -> None:
        fate = self._fate(invitation)
        match change:
            case AttemptCounted(at):
                self.failures.append((invitation.patient_id, invitation.code_digest, at))
                fate.life = replace(fate.life, failed_attempts=fate.life.failed_attempts + 1)
            case AttemptNotCounted():
                pass
            case AttemptTakenBack(at):
                self._take_back(invitation, fate, at)
            case Claimed(at, client_id, digest, _claimed_at, expires_at):
                self._take_back(invitation, fate, at)
                fate.claim_digest, fate.claimed_by = digest, client_id
                fate.life = replace(fate.life, claim_expires_at=expires_at)
            case Redeemed(at, client_id):
                fate.claimed_by = client_id
                self._redeem(invitation, at)

    def _take_back(self, invitation: Invitation, fate: Fate, at: datetime) -> None:
        self.failures.remove((invitation.patient_id, invitation.code_digest, at))
        fate.life = replace(fate.life, failed_attempts=fate.life.failed_attempts - 1)

    def _redeem(self, invitation: Invitation, at: datetime) -> None:
        known = self._register.known[invitation.patient_id]
        self._register.known[invitation.patient_id] = replace(known, registered=True)
        for each in self._invitations.invitations:
            fate = self._fate(each)
            if each is invitation:
                fate.life = replace(fate.life, redeemed_at=at)
            elif each.patient_id == invitation.patient_id and _is_open(fate.life, at):
                fate.life = replace(fate.life, revoked_at=at)


def _is_open(life: InvitationLife, at: datetime) -> bool:
    unspent = life.redeemed_at is None and life.revoked_at is None
    return unspent and at < max(life.expires_at, life.claim_expires_at or at)
