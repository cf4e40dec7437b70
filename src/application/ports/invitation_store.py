"""The port to stored invitations."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from domain.audit_event import AuditEvent
from domain.idempotency import RememberedRequest
from domain.invitation import Invitation


class CodesTaken(Struct, frozen=True):
    """Digests among those to store that are in use already, or that occur more than once."""

    code_digests: frozenset[bytes]


class RequestStored(Struct, frozen=True):
    """A request of the same name is stored already."""


class RequestInWork(Struct, frozen=True):
    """A request of the same name is being stored, and was waited for in vain."""


NotStored: TypeAlias = CodesTaken | RequestStored | RequestInWork


class InvitationStore(Protocol):
    """Keeps invitations, and the record of how they came about."""

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: RememberedRequest | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request, its audit event, and how to answer it again if that is asked.

        All of them or nothing: on failure, nothing. Success means that they outlive a crash. Of requests of
        one name only the first is stored. Raises `Unavailable`; the request is then stored whole or not at
        all.
        """
        ...
