"""The ports to invitations: their secrets, where they are stored, and how a request is answered again."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from domain.audit import AuditEvent
from domain.confidential import Confidential
from domain.idempotency import Fingerprint, IdempotencyRecord, ScopedIdempotencyKey
from domain.identifiers import RequestedIdentifier
from domain.invitations import Invitation, RequestId
from domain.patients import PatientId


class RequestIds(Protocol):
    """Draws the ids that tell requests apart."""

    def draw(self) -> RequestId:
        """Give a fresh id of 128 bits that nobody can foresee."""
        ...


class DrawnSecrets(Confidential, frozen=True):
    """A code and a token for one patient, and the digests that are stored in their place."""

    code: str
    token: str
    code_digest: bytes
    token_digest: bytes
    key_id: str


class KeyRetired(Struct, frozen=True):
    """The operator no longer holds the key that something was derived under."""


class TokenGenerator(Protocol):
    """Draws codes and tokens that nobody without the key can foresee."""

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Draw for every patient of a request at once, in the order given.

        The same request, patient and attempt give the same secrets under the same key; another attempt
        gives others.
        """
        ...

    def draw_again(
        self, key_id: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Draw what was drawn for each patient at its attempt when another key signed."""
        ...


class CodesTaken(Struct, frozen=True):
    """Digests among those to store that are in use already, or that occur more than once."""

    code_digests: frozenset[bytes]


class RequestStored(Struct, frozen=True):
    """A request of the same name is stored already."""


class RequestInProgress(Struct, frozen=True):
    """A request of the same name is being stored, and was waited for in vain."""


NotStored: TypeAlias = CodesTaken | RequestStored | RequestInProgress


class InvitationRepository(Protocol):
    """Keeps invitations, and the record of how they came about."""

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request, its audit event, and how to answer it again if that is asked.

        All of them or nothing: on failure, nothing. Success means that they outlive a crash. Of requests of
        one name only the first is stored. Raises `Unavailable`; the request is then stored whole or not at
        all.
        """
        ...


class ExpiredInvitations(Protocol):
    """Forgets invitations past their expiry."""

    def remove(self, expired_before: datetime, at_most: int) -> AsyncIterator[int]:
        """Remove those that expired before a moment, `at_most` in a transaction.

        Gives the number removed after each transaction; what was removed before an interruption stays
        removed. Raises `Unavailable`.
        """
        ...


class RequestFingerprints(Protocol):
    """Tells requests apart without keeping what is in them."""

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now."""
        ...

    def take_under(
        self, key_id: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        """Take the fingerprint as it was taken when another key signed."""
        ...


class IdempotencyRepository(Protocol):
    """Finds what was remembered, and forgets it in time. All methods raise `Unavailable`."""

    async def find(self, name: ScopedIdempotencyKey, since: datetime) -> IdempotencyRecord | None:
        """Return the request of this name; one from before `since` is forgotten."""
        ...

    async def forget(self, before: datetime) -> int:
        """Forget what was issued before a moment, and return how many requests that were."""
        ...
