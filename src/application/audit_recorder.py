"""Part of a use case: put a call on record."""

from application.ports.audit import AuditRepository
from application.ports.invitations import RequestIds
from application.ports.system import Clock
from domain.access import AuthorisedCaller, Caller, Operation
from domain.audit import AuditEvent, Outcome
from domain.organisations import OrganisationId


class AuditRecorder:
    """Put each call on record, from the moment that its caller is authenticated.

    What cannot be recorded is not answered. All methods that await raise `Unavailable`.
    """

    def __init__(self, trail: AuditRepository, request_ids: RequestIds, clock: Clock) -> None:
        """Take the ports that an audit event is made with and kept by."""
        self._trail = trail
        self._request_ids = request_ids
        self._clock = clock

    def begin(self, authorised: AuthorisedCaller, asked: int) -> AuditEvent:
        """Give the event of a call that is carried out; who is told what of it is still to be added."""
        return self._event(authorised, Outcome.CARRIED_OUT, asked)

    async def complete(self, event: AuditEvent) -> None:
        """Record a call that changes nothing else."""
        await self._trail.record(event)

    async def refused(self, authorised: AuthorisedCaller, outcome: Outcome, asked: int = 0) -> None:
        """Record that a caller asked for what it may have, and was refused."""
        await self._trail.record(self._event(authorised, outcome, asked))

    async def turned_away(
        self,
        operation: Operation,
        outcome: Outcome,
        caller: Caller,
        organisation_id: OrganisationId | None = None,
    ) -> None:
        """Record that a caller was not authorised."""
        await self._trail.record(
            AuditEvent(
                request_id=self._request_ids.draw(),
                recorded_at=self._clock.instant(),
                operation=operation,
                outcome=outcome,
                client_id=caller.client_id,
                organisation_id=organisation_id,
            )
        )

    def _event(self, authorised: AuthorisedCaller, outcome: Outcome, asked: int) -> AuditEvent:
        return AuditEvent(
            request_id=self._request_ids.draw(),
            recorded_at=self._clock.instant(),
            operation=authorised.operation,
            outcome=outcome,
            client_id=authorised.caller.client_id,
            organisation_id=authorised.organisation_id,
            asked=asked,
        )
