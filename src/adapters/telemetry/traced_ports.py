"""Ports and steps whose calls are traced."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from opentelemetry.context import attach, detach
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import StatusCode, Tracer, get_current_span, set_span_in_context
from returns.result import Result

from application.find_patients import FindPatients, IdentifiersRejected
from application.generate_invitation_tokens.decide import DecideInvitations
from application.ports.access import AccessTokenRejection, AccessTokenVerifier, OrganisationGrants
from application.ports.audit import AuditRepository
from application.ports.invitations import IdempotencyRepository, InvitationRepository, NotStored
from application.ports.patients import PatientRepository
from application.ports.system import Clock
from domain.access import AuthorisedCaller, Caller, Grant
from domain.audit import AuditEvent
from domain.eligibility import Decisions, EligibilityPolicy
from domain.idempotency import IdempotencyRecord, ScopedIdempotencyKey
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from domain.invitations import Invitation
from domain.organisations import OrganisationId
from domain.patients import Patient


class PartSpans:
    """Tells the parts of calls from each other, where the call is traced and sampled."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._tracer = tracer

    def part(self, name: str, **counts: int) -> AbstractContextManager[None]:
        """Let the block be a part. Of what it works on, it tells how many there are, and nothing else."""
        if not get_current_span().is_recording():
            return nullcontext()
        return self._recorded(name, {f"invitations.{counted}": count for counted, count in counts.items()})

    @contextmanager
    def _recorded(self, name: str, attributes: Mapping[str, int]) -> Iterator[None]:
        span = self._tracer.start_span(name, attributes=attributes)
        # as the library's own context manager does, but that takes as long again as to make the span
        token = attach(set_span_in_context(span))
        try:
            yield
        except Exception as raised:
            # its text may quote a patient's data
            span.set_attribute(ERROR_TYPE, type(raised).__qualname__)
            span.set_status(StatusCode.ERROR)
            raise
        finally:
            detach(token)
            span.end()


class TracedAccessTokenVerifier(AccessTokenVerifier):
    """Verifies as another does."""

    def __init__(self, verifier: AccessTokenVerifier, spans: PartSpans) -> None:
        """Ask `verifier`."""
        self._verifier = verifier
        self._spans = spans

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller."""
        with self._spans.part("verify"):
            return await self._verifier.verify(access_token)


class TracedOrganisationGrants(OrganisationGrants):
    """Knows what another knows."""

    def __init__(self, grants: OrganisationGrants, spans: PartSpans) -> None:
        """Ask `grants`."""
        self._grants = grants
        self._spans = spans

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands."""
        with self._spans.part("grant"):
            return await self._grants.includes(grant)


class TracedPatientRepository(PatientRepository):
    """Finds whom another finds."""

    def __init__(self, patients: PatientRepository, spans: PartSpans) -> None:
        """Ask `patients`."""
        self._patients = patients
        self._spans = spans

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient."""
        with self._spans.part("read", asked=len(identifiers)):
            return await self._patients.find(organisation_id, identifiers)


class TracedIdempotencyRepository(IdempotencyRepository):
    """Remembers what another does."""

    def __init__(self, requests: IdempotencyRepository, spans: PartSpans) -> None:
        """Ask `requests`."""
        self._requests = requests
        self._spans = spans

    async def find(self, name: ScopedIdempotencyKey, since: datetime) -> IdempotencyRecord | None:
        """Return the request of this name."""
        with self._spans.part("recall"):
            return await self._requests.find(name, since)

    async def forget(self, before: datetime) -> int:
        """Forget what was issued before a moment; no call does that."""
        return await self._requests.forget(before)


class TracedDecideInvitations(DecideInvitations):
    """Decides as ever. To decide is to read and then to compare, so the span has that of reading in it."""

    def __init__(self, find: FindPatients, policy: EligibilityPolicy, clock: Clock, spans: PartSpans) -> None:
        """Take what deciding takes."""
        super().__init__(find, policy, clock)
        self._spans = spans

    async def __call__(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], at_most: int
    ) -> Result[Decisions, IdentifiersRejected]:
        """Return what is decided."""
        with self._spans.part("decide"):
            return await super().__call__(authorised, requested, at_most)

    async def again(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], first: Decisions
    ) -> Decisions:
        """Return what is decided when a request is sent again."""
        with self._spans.part("decide"):
            return await super().again(authorised, requested, first)


class TracedInvitationRepository(InvitationRepository):
    """Stores where another does."""

    def __init__(self, invitations: InvitationRepository, spans: PartSpans) -> None:
        """Store in `invitations`."""
        self._invitations = invitations
        self._spans = spans

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request."""
        with self._spans.part("write", invited=len(invitations)):
            return await self._invitations.add(invitations, event, remembered)


class TracedAuditRepository(AuditRepository):
    """Keeps events where another does."""

    def __init__(self, trail: AuditRepository, spans: PartSpans) -> None:
        """Record in `trail`."""
        self._trail = trail
        self._spans = spans

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record."""
        with self._spans.part("write"):
            await self._trail.record(event)
