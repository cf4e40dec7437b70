"""A step of the use cases: record a call in the audit."""

from application.ports.audit import AuditRepository
from application.ports.invitations import RequestIds
from application.ports.system import Clock
from domain.access import AuthorisedCaller, AuthorisedPortal, Caller, Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.organisations import OrganisationId
from domain.redemption import InvitationToRedeem

_ANSWERED = (Outcome.CARRIED_OUT, Outcome.ANSWERED_AGAIN)


class AuditRecorder:
    """Record each call whose caller is authenticated, and each attempt to redeem an invitation.

    A call that cannot be recorded is not answered. All methods that await raise `Unavailable`.
    """

    def __init__(self, audit: AuditRepository, request_ids: RequestIds, clock: Clock) -> None:
        """Store events in `audit`."""
        self._audit = audit
        self._request_ids = request_ids
        self._clock = clock

    def begin(self, authorised: AuthorisedCaller, asked: int) -> AuditEvent:
        """Give the event of a call that is carried out; the use case adds the decisions about patients."""
        return self._call(authorised, Outcome.CARRIED_OUT, asked)

    async def complete(self, event: AuditEvent) -> None:
        """Record a call that stores nothing else."""
        await self._audit.record(event)

    async def refused(
        self, authorised: AuthorisedCaller | AuthorisedPortal, outcome: Outcome, asked: int = 0
    ) -> None:
        """Record that an authorised caller was refused."""
        await self._audit.record(self._call(authorised, outcome, asked))

    async def turned_away(
        self,
        operation: Operation,
        outcome: Outcome,
        caller: Caller,
        organisation_id: OrganisationId | None = None,
    ) -> None:
        """Record that a caller was not authorised."""
        await self._audit.record(self._event(operation, outcome, caller, organisation_id))

    def redemption(
        self,
        operation: Operation,
        outcome: Outcome,
        client_id: str,
        invitation: InvitationToRedeem | None = None,
        reason: OmissionReason | None = None,
    ) -> AuditEvent:
        """Give the event of an attempt at redemption; `reason` is why the patient is not eligible."""
        patients = () if invitation is None else (invitation.patient.id,)
        is_refused = outcome not in _ANSWERED
        return AuditEvent(
            request_id=self._request_ids.draw(),
            recorded_at=self._clock.instant(),
            operation=operation,
            outcome=outcome,
            client_id=client_id,
            organisation_id=None if invitation is None else invitation.organisation_id,
            answered_patients=() if is_refused else patients,
            omitted={} if reason is None else {reason: 1},
            omitted_patients={reason or outcome: patients} if is_refused and patients else {},
        )

    def _call(
        self, authorised: AuthorisedCaller | AuthorisedPortal, outcome: Outcome, asked: int
    ) -> AuditEvent:
        return self._event(
            authorised.operation, outcome, authorised.caller, authorised.organisation_id, asked
        )

    def _event(
        self,
        operation: Operation,
        outcome: Outcome,
        caller: Caller,
        organisation_id: OrganisationId | None,
        asked: int = 0,
    ) -> AuditEvent:
        return AuditEvent(
            request_id=self._request_ids.draw(),
            recorded_at=self._clock.instant(),
            operation=operation,
            outcome=outcome,
            client_id=caller.client_id,
            organisation_id=organisation_id,
            asked=asked,
        )
