"""The ports to invitations: codes and tokens, storage, and idempotent requests."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from application.ports.system import Unavailable
from domain.audit import AuditEvent
from domain.confidential import Confidential
from domain.idempotency import Fingerprint, IdempotencyRecord, ScopedIdempotencyKey
from domain.identifiers import RequestedIdentifier
from domain.invitations import Invitation, PatientInvitation, RequestId, RevocationReason
from domain.organisations import OrganisationId
from domain.patients import PatientId
from domain.statistics import CountedInvitations, Period, RowKey


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

    @property
    def derivation(self) -> str:
        """The way in which `draw` derives, and its key: a name for `draw_again`."""
        ...

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        """Draw for every patient of a request at once, in the order given.

        The same request, patient and attempt give the same secrets under the same key; another attempt
        gives others.
        """
        ...

    def draw_again(
        self, derivation: str, request_id: RequestId, attempts: Mapping[PatientId, int]
    ) -> Result[Mapping[PatientId, DrawnSecrets], KeyRetired]:
        """Draw again what was drawn for each patient at its attempt, by an earlier derivation."""
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


class InvitationBatches(Protocol):
    """Finds the batches in which organisations issued invitations."""

    async def patients(self, organisation_id: OrganisationId, batch: RequestId) -> Sequence[PatientId] | None:
        """Return who was invited in a batch of the organisation; None if it has no such batch.

        Raises `Unavailable`.
        """
        ...


class PatientInvitations(Protocol):
    """Finds the invitations of patients."""

    async def find(
        self, organisation_id: OrganisationId, patient_ids: Sequence[PatientId]
    ) -> Mapping[PatientId, Sequence[PatientInvitation]]:
        """Return the organisation's invitations of each patient that has one, in the order of their issue.

        Raises `Unavailable`.
        """
        ...


class Revocation(Struct, frozen=True):
    """Revoke what these patients were invited to by the organisation: in the batch, if one is named."""

    organisation_id: OrganisationId
    patient_ids: Sequence[PatientId]
    batch: RequestId | None
    reason: RevocationReason
    revoked_at: datetime


class RevokedInvitations(Struct, frozen=True):
    """What a revocation did: how many invitations it revoked, of whom, and whose were redeemed before."""

    count: int
    patients: tuple[PatientId, ...]
    redeemed: frozenset[PatientId]


class InvitationRevocations(Protocol):
    """Revokes invitations."""

    async def revoke(
        self, revocation: Revocation, event_of: Callable[[RevokedInvitations], AuditEvent]
    ) -> RevokedInvitations:
        """Revoke the invitations that can still be claimed or confirmed, and store the audit event.

        All of it or nothing. An invitation is redeemed or revoked, never both. The requests of the batch can
        no longer be sent again. Raises `Unavailable`.
        """
        ...


class InvitationCounts(Protocol):
    """Counts invitations. All methods raise `Unavailable`."""

    async def count(
        self, organisation_id: OrganisationId | None, now: datetime
    ) -> Sequence[CountedInvitations]:
        """Count the invitations that are stored, and those that were deleted, of one organisation or all."""
        ...

    async def count_patients(
        self, organisation_id: OrganisationId | None, period: Period
    ) -> Mapping[RowKey, int]:
        """Count the distinct patients of the stored invitations of each row."""
        ...


class OldInvitations(Struct, frozen=True):
    """Invitations to delete: those that expired unused before a moment, and those redeemed before one.

    `redeemed_before` is None if redeemed invitations are kept.
    """

    expired_before: datetime
    redeemed_before: datetime | None = None


class ExpiredInvitations(Protocol):
    """Deletes old invitations."""

    def remove(self, old: OldInvitations, at_most: int) -> AsyncIterator[int]:
        """Delete old invitations, `at_most` in a transaction, which adds them to the counts of deleted ones.

        An invitation that was claimed before it expired is not old as long as the claim can be confirmed.
        Gives the number of deleted invitations after each transaction; an interruption does not restore
        them. Raises `Unavailable`.
        """
        ...


class RequestFingerprints(Protocol):
    """Digests the identifiers of requests, so that requests can be compared without storing them."""

    def take(self, identifiers: Sequence[RequestedIdentifier]) -> Fingerprint:
        """Take the fingerprint of these identifiers in this order, under the key that signs now.

        It names the derivation of the codes, too.
        """
        ...

    def take_under(
        self, derivation: str, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[Fingerprint, KeyRetired]:
        """Take the fingerprint again that an earlier derivation named."""
        ...


class IdempotencyRepository(Protocol):
    """Finds idempotency records, and deletes old ones. All methods raise `Unavailable`."""

    async def find(self, name: ScopedIdempotencyKey, now: datetime) -> IdempotencyRecord | None:
        """Return the request of this name; delete it if it was kept until a moment before `now`."""
        ...

    async def forget(self, now: datetime) -> int:
        """Delete the requests that were kept until a moment before `now`, and return how many."""
        ...
