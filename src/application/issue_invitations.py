"""Part of a use case: issue the invitations of one request."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from returns.result import Success

from application.ports.invitation_store import InvitationStore
from application.ports.token_generator import DrawnSecrets, TokenGenerator
from domain.audit_event import AuditEvent
from domain.invitation import Invitation, InvitationToken
from domain.organisation import OrganisationId
from domain.patient import PatientId


class IssueInvitations:
    """Issue one new invitation to each patient that an audit event says was invited.

    - A code that is in use already is drawn again, with the next attempt; the others stay.
    - Invitations and audit event are stored together before the tokens are handed out.
    """

    def __init__(self, invitations: InvitationStore, tokens: TokenGenerator, lifetime: timedelta) -> None:
        """`lifetime` is the time from the issue of an invitation to its expiry."""
        self._invitations = invitations
        self._tokens = tokens
        self._lifetime = lifetime

    async def __call__(
        self, organisation_id: OrganisationId, event: AuditEvent
    ) -> Mapping[PatientId, InvitationToken]:
        """Return the token of each patient. Raises `Unavailable`."""
        expires_at = event.recorded_at + self._lifetime
        drawn: dict[PatientId, DrawnSecrets] = {}
        undrawn = event.issued_patients
        attempt = 0
        while True:
            drawn.update(zip(undrawn, self._tokens.draw(event.request_id, undrawn, attempt), strict=True))
            stored = await self._invitations.add(
                _invitations(organisation_id, event, drawn, expires_at), event
            )
            if isinstance(stored, Success):
                return {
                    patient_id: InvitationToken(each.code, each.token, expires_at)
                    for patient_id, each in drawn.items()
                }
            taken = stored.failure().code_digests
            undrawn = tuple(patient for patient, each in drawn.items() if each.code_digest in taken)
            attempt += 1


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
