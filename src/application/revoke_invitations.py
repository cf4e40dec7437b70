"""Use case: revoke invitations before they are redeemed."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.find_invited import FindInvited, InvitedPatients, InvitedRejected, Named
from application.ports.invitations import InvitationRevocations, Revocation, RevokedInvitations
from domain.access import AuthorisedCaller
from domain.audit import AuditEvent
from domain.identifiers import RequestedIdentifier
from domain.invitations import RequestId, RevocationReason
from domain.results import failed

MAX_REVOKED_IDENTIFIERS = 500


class RevokeCommand(Struct, frozen=True):
    """Revoke the invitations of these patients, or of a batch, on behalf of the caller's organisation."""

    authorised: AuthorisedCaller
    named: Named
    reason: RevocationReason


class InvitationsRevoked(Struct, frozen=True):
    """How many invitations were revoked, and the identifiers whose patients had redeemed one before."""

    request_id: RequestId
    count: int
    redeemed: Sequence[RequestedIdentifier]


class RevokeInvitations:
    """Revoke the invitations that are not used yet.

    - A command names 1 to 500 patients, or a batch.
    - All open invitations of the patients are revoked that the organisation issued, or those of the batch.
    - A redeemed invitation stays redeemed, and the answer says so.
    - What is revoked or expired already stays as it is, so a command can be repeated.
    - Patients whose care has ended count too: their invitations should not work either. The answer does not
      say whether they redeemed.
    - The invitations and the audit event are stored together before the answer is given.
    """

    def __init__(self, find: FindInvited, revocations: InvitationRevocations, record: AuditRecorder) -> None:
        """Join the steps of the use case."""
        self._find = find
        self._revocations = revocations
        self._record = record

    async def __call__(self, command: RevokeCommand) -> Result[InvitationsRevoked, InvitedRejected]:
        """Return what was revoked, or why the command is refused. Raises `Unavailable`."""
        found = await self._find(command.authorised, command.named, MAX_REVOKED_IDENTIFIERS)
        if failed(found):
            return Failure(found.failure())
        invited = found.unwrap()
        begun = self._record.begin(command.authorised, len(invited.named))
        event = replace(invited.on_record(begun), reason=command.reason.value)
        revocation = Revocation(
            command.authorised.organisation_id,
            invited.patient_ids,
            invited.batch,
            command.reason,
            event.recorded_at,
        )
        revoked = await self._revocations.revoke(revocation, lambda revoked: _with_revoked(event, revoked))
        return Success(InvitationsRevoked(event.request_id, revoked.count, _redeemed(invited, revoked)))


def _with_revoked(event: AuditEvent, revoked: RevokedInvitations) -> AuditEvent:
    """Add to an event whose invitations were revoked; they are not listed a second time as answered."""
    answered = tuple(each for each in event.answered_patients if each not in {*revoked.patients})
    return replace(event, answered_patients=answered, revoked_patients=revoked.patients)


def _redeemed(invited: InvitedPatients, revoked: RevokedInvitations) -> Sequence[RequestedIdentifier]:
    return [
        identifier
        for identifier, patient in dict(invited.named).items()
        if patient and patient.care_relationship and patient.id in revoked.redeemed
    ]
