"""A step of the use case: issue the invitations of one request."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from returns.result import Failure, Result, Success

from application.ports.invitations import (
    CodesExhausted,
    CodesTaken,
    DrawnSecrets,
    InvitationRepository,
    RequestInProgress,
    RequestStored,
    TokenGenerator,
)
from domain.audit import AuditEvent
from domain.idempotency import IdempotencyRecord, IdempotentRequest
from domain.invitations import Invitation, InvitationToken
from domain.organisations import OrganisationId
from domain.patients import PatientId
from domain.results import failed

IssueRefused: TypeAlias = RequestStored | RequestInProgress

MAX_ATTEMPTS = 5
"""With a million codes in force, a request of 500 collides once in two million. Five in a row are a fault."""


class IssueInvitations:
    """Issue one new invitation to each patient that an audit event lists as issued.

    - A code that is already in use is drawn again, with the next attempt; the others stay. After
      `MAX_ATTEMPTS`, nothing is issued.
    - Invitations, audit event and idempotency record are stored together before the tokens are returned.
    - A request with an idempotency key is issued once.
    """

    def __init__(
        self, invitations: InvitationRepository, tokens: TokenGenerator, lifetime: timedelta
    ) -> None:
        """`lifetime` is the time from the issue of an invitation to its expiry."""
        self._invitations = invitations
        self._tokens = tokens
        self._lifetime = lifetime

    async def __call__(
        self, organisation_id: OrganisationId, event: AuditEvent, repeatable: IdempotentRequest | None = None
    ) -> Result[Mapping[PatientId, InvitationToken], IssueRefused]:
        """Return the token of each patient, or why none was issued. Raises `Unavailable`."""
        expires_at = event.recorded_at + self._lifetime
        drawn: dict[PatientId, DrawnSecrets] = {}
        attempts: dict[PatientId, int] = {}
        undrawn = event.issued_patients
        for attempt in range(MAX_ATTEMPTS):
            drawn.update(zip(undrawn, self._tokens.draw(event.request_id, undrawn, attempt), strict=True))
            attempts.update(dict.fromkeys(undrawn, attempt))
            stored = await self._invitations.add(
                _invitations(organisation_id, event, drawn, expires_at),
                event,
                _remembered(repeatable, event, expires_at, attempts) if repeatable else None,
            )
            if not failed(stored):
                return Success(_tokens(drawn, expires_at))
            refused = stored.failure()
            if not isinstance(refused, CodesTaken):
                return Failure(refused)
            taken = refused.code_digests
            undrawn = tuple(patient for patient, each in drawn.items() if each.code_digest in taken)
        raise CodesExhausted(f"{MAX_ATTEMPTS} codes in a row were already in use")


def _tokens(
    drawn: Mapping[PatientId, DrawnSecrets], expires_at: datetime
) -> Mapping[PatientId, InvitationToken]:
    return {
        patient_id: InvitationToken(each.code, each.token, expires_at) for patient_id, each in drawn.items()
    }


def _remembered(
    repeatable: IdempotentRequest,
    event: AuditEvent,
    expires_at: datetime,
    attempts: Mapping[PatientId, int],
) -> IdempotencyRecord:
    drawn_again = {patient: attempt for patient, attempt in attempts.items() if attempt}
    return IdempotencyRecord(repeatable, event.request_id, event.recorded_at, expires_at, drawn_again)


def _invitations(
    organisation_id: OrganisationId,
    event: AuditEvent,
    drawn: Mapping[PatientId, DrawnSecrets],
    expires_at: datetime,
) -> list[Invitation]:
    return [
        Invitation(
            patient_id,
            organisation_id,
            event.request_id,
            each.code_digest,
            each.token_digest,
            each.key_id,
            event.recorded_at,
            expires_at,
        )
        for patient_id, each in drawn.items()
    ]
