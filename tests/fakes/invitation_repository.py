"""A repository of invitations in memory."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.ports.invitations import CodesTaken, InvitationRepository, NotStored, RequestStored
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord, ScopedIdempotencyKey
from domain.invitations import Invitation, InvitationLife
from domain.organisations import OrganisationId
from domain.patients import PatientId
from domain.statistics import CountedInvitations
from tests.fakes.audit_repository import InMemoryAuditRepository


class InMemoryInvitationRepository(InvitationRepository):
    """Stores invitations in lists that a test may read. The audit repository shares the events."""

    def __init__(self, trail: InMemoryAuditRepository | None = None) -> None:
        self.invitations: list[Invitation] = []
        self.events = (trail or InMemoryAuditRepository()).events
        self.remembered: dict[ScopedIdempotencyKey, IdempotencyRecord] = {}
        self.deleted: list[CountedInvitations] = []
        self.lives: dict[bytes, InvitationLife] = {}

    def life_of(self, invitation: Invitation) -> InvitationLife:
        """Give the life of an invitation; nothing has happened to it unless `lives` says so."""
        untouched = InvitationLife(invitation.issued_at, invitation.expires_at)
        return self.lives.get(invitation.code_digest, untouched)

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        if remembered and remembered.request.name in self.remembered:
            return Failure(RequestStored())
        uses = Counter(invitation.code_digest for invitation in [*self.invitations, *invitations])
        asked = {invitation.code_digest for invitation in invitations}
        taken = frozenset(digest for digest in asked if uses[digest] > 1)
        if taken:
            return Failure(CodesTaken(taken))
        self.invitations.extend(invitations)
        self.events.append(event)
        if remembered:
            self.remembered[remembered.request.name] = remembered
        return Success(None)

    def revoke(
        self, patients: Collection[PatientId], organisation_id: OrganisationId | None, moment: datetime
    ) -> None:
        """Revoke the open invitations of patients at an organisation, or at all if it is None."""
        for each in self.invitations:
            is_of_organisation = organisation_id is None or each.organisation_id == organisation_id
            if each.patient_id in patients and is_of_organisation:
                self.revoke_if_open(each, moment)

    def revoke_if_open(self, invitation: Invitation, moment: datetime) -> bool:
        """Revoke an invitation that can still be claimed or confirmed; return whether it could."""
        life = self.life_of(invitation)
        is_open = life.redeemed_at is None and life.revoked_at is None and _is_valid(life, moment)
        if is_open:
            self.lives[invitation.code_digest] = replace(life, revoked_at=moment)
        return is_open


def _is_valid(life: InvitationLife, moment: datetime) -> bool:
    return any(end is not None and moment < end for end in (life.expires_at, life.claim_expires_at))
