"""A store of invitations in memory."""

from collections import Counter
from collections.abc import Sequence

from returns.result import Failure, Result, Success

from application.ports.invitation_store import CodesTaken, InvitationStore
from domain.audit_event import AuditEvent
from domain.invitation import Invitation
from tests.fakes.audit_trail import InMemoryAuditTrail


class InMemoryInvitationStore(InvitationStore):
    """Keeps what was stored in two lists, for a test to look at; that of the events is the trail's."""

    def __init__(self, trail: InMemoryAuditTrail | None = None) -> None:
        self.invitations: list[Invitation] = []
        self.events = (trail or InMemoryAuditTrail()).events

    async def add(self, invitations: Sequence[Invitation], event: AuditEvent) -> Result[None, CodesTaken]:
        uses = Counter(invitation.code_digest for invitation in [*self.invitations, *invitations])
        asked = {invitation.code_digest for invitation in invitations}
        taken = frozenset(digest for digest in asked if uses[digest] > 1)
        if taken:
            return Failure(CodesTaken(taken))
        self.invitations.extend(invitations)
        self.events.append(event)
        return Success(None)
