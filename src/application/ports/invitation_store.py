"""The port to stored invitations."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct
from returns.result import Result

from domain.audit_event import AuditEvent
from domain.invitation import Invitation


class CodesTaken(Struct, frozen=True):
    """Digests among those to store that are in use already, or that occur more than once."""

    code_digests: frozenset[bytes]


class InvitationStore(Protocol):
    """Keeps invitations, and the record of how they came about."""

    async def add(self, invitations: Sequence[Invitation], event: AuditEvent) -> Result[None, CodesTaken]:
        """Store the invitations of a request and its audit event, all of them or nothing.

        Success means that they outlive a crash. Nothing is stored when codes are taken. Raises
        `Unavailable`; the request is then stored whole or not at all.
        """
        ...
