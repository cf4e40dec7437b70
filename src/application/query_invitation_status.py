"""Use case: query what has become of the invitations of patients."""

from collections.abc import Sequence

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.find_invited import FindInvited, InvitedPatients, InvitedRejected, Named
from application.ports.invitations import PatientInvitations
from application.ports.system import Clock
from domain.access import AuthorisedCaller
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationStatus, RequestId, invitation_status
from domain.results import failed

MAX_INVITATION_STATUS_IDENTIFIERS = 5_000


class InvitationStatusQuery(Struct, frozen=True):
    """Query the invitations of these patients, or of a batch, for the caller's organisation."""

    authorised: AuthorisedCaller
    named: Named


class IdentifierInvitation(Struct, frozen=True):
    """An identifier, and the status of its patient's invitation."""

    identifier: RequestedIdentifier
    status: InvitationStatus


class InvitationStatuses(Struct, frozen=True):
    """The answer to a query: every identifier, in request order."""

    request_id: RequestId
    statuses: Sequence[IdentifierInvitation]


class QueryInvitationStatus:
    """Answer with what has become of the invitations that the organisation issued.

    - A query names 1 to 5,000 patients, or a batch; each identifier is answered, a repeated one too.
    - The status is that of the patient's latest invitation, or of the one in the batch.
    - Without a care relationship a patient has no invitation, as one who is unknown.
    - The query is recorded in the audit before it is answered.
    """

    def __init__(
        self, find: FindInvited, invitations: PatientInvitations, record: AuditRecorder, clock: Clock
    ) -> None:
        """Join the steps of the use case."""
        self._find = find
        self._invitations = invitations
        self._record = record
        self._clock = clock

    async def __call__(self, query: InvitationStatusQuery) -> Result[InvitationStatuses, InvitedRejected]:
        """Return the statuses, or why the query is refused. Raises `Unavailable`."""
        found = await self._find(query.authorised, query.named, MAX_INVITATION_STATUS_IDENTIFIERS)
        if failed(found):
            return Failure(found.failure())
        invited = found.unwrap()
        statuses = await self._statuses(query.authorised, invited)
        event = invited.on_record(self._record.begin(query.authorised, len(invited.named)))
        await self._record.complete(event)
        return Success(InvitationStatuses(event.request_id, statuses))

    async def _statuses(
        self, authorised: AuthorisedCaller, invited: InvitedPatients
    ) -> Sequence[IdentifierInvitation]:
        accessible = {each.id for _identifier, each in invited.named if each and each.care_relationship}
        found = await self._invitations.find(authorised.organisation_id, list(accessible))
        now = self._clock.instant()
        status_of = {
            patient_id: invitation_status(invitations, now, invited.batch)
            for patient_id, invitations in found.items()
        }
        return [
            IdentifierInvitation(
                identifier, (status_of.get(patient.id) if patient else None) or InvitationStatus()
            )
            for identifier, patient in invited.named
        ]
