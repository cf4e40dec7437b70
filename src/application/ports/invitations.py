"""The ports to invitations: codes and tokens, storage, and idempotent requests."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from application.ports.system import Unavailable
from domain.audit import AuditEvent
from domain.confidential import Confidential
from domain.idempotency import Fingerprint, IdempotencyRecord, ScopedIdempotencyKey
from domain.identifiers import RequestedIdentifier
from domain.invitations import Invitation, RequestId
from domain.patients import PatientId


class RequestIds(Protocol):
    """Draws the ids of requests."""

    def draw(self) -> RequestId:
        """Give a new, unpredictable id of 128 bits."""
        ...


class DrawnSecrets(Confidential, frozen=True):
    """A code and a token for one patient, and the digests that are stored instead."""

    code: str
    token: str
    code_digest: bytes
    token_digest: bytes
    key_id: str


class KeyRetired(Struct, frozen=True):
    """The key ring no longer holds the key under which the codes and tokens were derived."""


class TokenGenerator(Protocol):
    """Draws codes and tokens that are unpredictable without the key."""

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
        """Draw again what was drawn for each patient at its attempt, under a key that may no longer sign."""
        ...


class CodesTaken(Struct, frozen=True):
    """Digests that are already in use, or that occur more than once among those to store."""

    code_digests: frozenset[bytes]


class RequestStored(Struct, frozen=True):
    """A request of the same name is already stored."""


class RequestInProgress(Struct, frozen=True):
    """A request of the same name is in progress, and did not end in time."""


class CodesExhausted(Unavailable):
    """Code after code was in use, which chance alone does not do: the key or the storage is damaged."""


NotStored: TypeAlias = CodesTaken | RequestStored | RequestInProgress


class InvitationRepository(Protocol):
    """Stores invitations together with their audit event."""

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request, its audit event, and its idempotency record if there is one.

        All of them or nothing: on failure, nothing. Success means that they outlive a crash. Of requests of
        one name only the first is stored. Raises `Unavailable`; the request is then stored whole or not at
        all.
        """
        ...


class ExpiredInvitations(Protocol):
    """Deletes expired invitations."""

    def remove(self, expired_before: datetime, at_most: int) -> AsyncIterator[int]:
        """Delete those that expired before a moment, `at_most` in a transaction.

        Gives the number of deleted invitations after each transaction; an interruption does not restore
        them. Raises `Unavailable`.
        """
        ...


class RequestFingerprints(Protocol):
    """Digests the identifiers of requests, so that requests can be compared without storing them."""

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now."""
        ...

    def take_under(
        self, key_id: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        """Take the fingerprint under a key that may no longer sign."""
        ...


class IdempotencyRepository(Protocol):
    """Finds idempotency records, and deletes old ones. All methods raise `Unavailable`."""

    async def find(self, name: ScopedIdempotencyKey, since: datetime) -> IdempotencyRecord | None:
        """Return the request of this name; delete it if it is older than `since`."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete the requests that were issued before a moment, and return how many."""
        ...
