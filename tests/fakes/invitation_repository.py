"""A repository of invitations in memory."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from returns.result import Failure, Result, Success

from application.ports.invitations import CodesTaken, InvitationRepository, NotStored, RequestStored
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord, ScopedIdempotencyKey
from domain.invitations import Invitation
from domain.organisations import OrganisationId
from domain.patients import PatientId
from tests.fakes.audit_repository import InMemoryAuditRepository


class InMemoryInvitationRepository(InvitationRepository):
    """Stores invitations in lists that a test may read. The audit repository shares the events."""

    def __init__(self, trail: InMemoryAuditRepository | None = None) -> None:
        self.invitations: list[Invitation] = []
        self.events = (trail or InMemoryAuditRepository()).events
        self.revoked: dict[bytes, datetime] = {}
        self.remembered: dict[ScopedIdempotencyKey, IdempotencyRecord] = {}

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
            if each.patient_id in patients and is_of_organisation and each.expires_at > moment:
                self.revoked.setdefault(each.code_digest, moment)
