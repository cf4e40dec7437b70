"""A store of invitations in memory."""

from collections import Counter
from collections.abc import Sequence

from returns.result import Failure, Result, Success

from application.ports.invitation_store import CodesTaken, InvitationStore
from domain.audit_event import AuditEvent
from domain.invitation import Invitation


class InMemoryInvitationStore(InvitationStore):
    """Keeps what was stored in two lists, for a test to look at."""

    def __init__(self) -> None:
        self.invitations: list[Invitation] = []
        self.events: list[AuditEvent] = []

    async def add(self, invitations: Sequence[Invitation], event: AuditEvent) -> Result[None, CodesTaken]:
        uses = Counter(invitation.code_digest for invitation in [*self.invitations, *invitations])
        asked = {invitation.code_digest for invitation in invitations}
        taken = frozenset(digest for digest in asked if uses[digest] > 1)
        if taken:
            return Failure(CodesTaken(taken))
        self.invitations.extend(invitations)
        self.events.append(event)
        return Success(None)
