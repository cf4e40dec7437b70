"""A step of the use case: answer a request again that was answered before."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.invitations import (
    IdempotencyRepository,
    KeyRetired,
    RequestFingerprints,
    TokenGenerator,
)
from application.ports.system import Clock
from domain.eligibility import Decisions
from domain.idempotency import IdempotencyRecord, IdempotentRequest, ScopedIdempotencyKey
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationToken, RequestId
from domain.patients import PatientId
from domain.results import failed


class OtherIdentifiers(Struct, frozen=True):
    """The key was used before, with other identifiers."""


class BatchRevoked(Struct, frozen=True):
    """The invitations of the first answer were revoked as a batch."""


RecallRefused: TypeAlias = OtherIdentifiers | KeyRetired | BatchRevoked


class ReplayedInvitations(Struct, frozen=True):
    """The decisions, and the invitation token of each patient, as they were the first time."""

    request_id: RequestId
    decisions: Decisions
    tokens: Mapping[PatientId, InvitationToken]


class ReplayInvitations:
    """Find the answer to a request that is sent again.

    - The same identifiers get the same codes, tokens and expiry, which are derived again.
    - Other identifiers under the same idempotency key are refused.
    - So are requests whose codes were derived under a retired key, or whose batch was revoked.
    - A request can be sent again for a limited time.
    """

    def __init__(
        self,
        requests: IdempotencyRepository,
        fingerprints: RequestFingerprints,
        tokens: TokenGenerator,
        retention: timedelta,
        clock: Clock,
    ) -> None:
        """`retention` is how long a request can be sent again from now on."""
        self._requests = requests
        self._fingerprints = fingerprints
        self._tokens = tokens
        self._retention = retention
        self._clock = clock

    def repeatable(
        self, name: ScopedIdempotencyKey, identifiers: Sequence[RequestedIdentifier], decisions: Decisions
    ) -> IdempotentRequest:
        """Give the part of a request that is stored."""
        return IdempotentRequest(name, self._fingerprints.take(identifiers), decisions, self._retention)

    async def __call__(
        self, name: ScopedIdempotencyKey, identifiers: Sequence[RequestedIdentifier]
    ) -> Result[ReplayedInvitations | None, RecallRefused]:
        """Return the first answer, None if there was none, or why it is not given. Raises `Unavailable`."""
        remembered = await self._requests.find(name, self._clock.instant())
        if remembered is None:
            return Success(None)
        first = remembered.request.fingerprint
        fingerprint = self._fingerprints.take_under(first.derivation, identifiers)
        if failed(fingerprint):
            return Failure(fingerprint.failure())
        if fingerprint.unwrap() != first:
            return Failure(OtherIdentifiers())
        if remembered.revoked:
            return Failure(BatchRevoked())
        return self._derive(remembered)

    def _derive(self, remembered: IdempotencyRecord) -> Result[ReplayedInvitations | None, RecallRefused]:
        request = remembered.request
        attempts = {patient: remembered.attempts.get(patient, 0) for patient in request.decisions.patients}
        drawn = self._tokens.draw_again(request.fingerprint.derivation, remembered.request_id, attempts)
        if failed(drawn):
            return Failure(drawn.failure())
        tokens = {
            patient_id: InvitationToken(each.code, each.token, remembered.expires_at)
            for patient_id, each in drawn.unwrap().items()
        }
        return Success(ReplayedInvitations(remembered.request_id, request.decisions, tokens))
