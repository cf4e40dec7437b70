"""The span of storing invitations."""

from collections.abc import Sequence

from returns.result import Result

from adapters.tracing.part_spans import PartSpans
from application.ports.invitation_store import InvitationStore, NotStored
from domain.audit_event import AuditEvent
from domain.idempotency import RememberedRequest
from domain.invitation import Invitation


class TracedInvitationStore(InvitationStore):
    """Stores where another does."""

    def __init__(self, invitations: InvitationStore, spans: PartSpans) -> None:
        """Store in `invitations`."""
        self._invitations = invitations
        self._spans = spans

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: RememberedRequest | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request."""
        with self._spans.part("write", invited=len(invitations)):
            return await self._invitations.add(invitations, event, remembered)
