"""Ports and steps whose calls are observed: traced, timed, and counted once they have stored something."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Protocol, TypeAlias

from returns.result import Result

from application.find_patients import FindPatients, IdentifiersRejected
from application.generate_invitation_tokens.decide import DecideInvitations
from application.ports.access import (
    AccessTokenRejection,
    AccessTokenVerifier,
    OrganisationGrants,
    RedemptionGrants,
)
from application.ports.audit import AuditRepository
from application.ports.invitations import (
    IdempotencyRepository,
    InvitationRepository,
    InvitationRevocations,
    NotStored,
    PatientInvitations,
    Revocation,
    RevokedInvitations,
)
from application.ports.patients import PatientRepository
from application.ports.system import Clock
from domain.access import AuthorisedCaller, Caller, Grant, GrantTerms, RedemptionGrant
from domain.audit import AuditEvent
from domain.eligibility import Decisions, EligibilityPolicy
from domain.idempotency import IdempotencyRecord, ScopedIdempotencyKey
from domain.identifiers import PatientIdentifier, RequestedIdentifier
from domain.invitations import Invitation, RequestId
from domain.organisations import OrganisationId
from domain.patients import Patient
from domain.results import failed


class AroundPart(Protocol):
    """Surrounds a part of a call, as a span or a stopwatch does."""

    def __call__(self, part: str, **counts: int) -> AbstractContextManager[None]:
        """Surround the block. The counts say how many values it works on."""
        ...


def unobserved(part: str, **counts: int) -> AbstractContextManager[None]:  # noqa: ARG001 - the observer's signature
    """Surround the block by nothing."""
    return nullcontext()


OnStored: TypeAlias = Callable[[AuditEvent], None]
"""Gets each audit event that was stored."""


OnRevoked: TypeAlias = Callable[[int], None]
"""Gets how many invitations were revoked."""


class ObservedAccessTokenVerifier(AccessTokenVerifier):
    """Observes the verification of access tokens."""

    def __init__(self, verifier: AccessTokenVerifier, around: AroundPart) -> None:
        """Observe `verifier`."""
        self._verifier = verifier
        self._around = around

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller."""
        with self._around("verify"):
            return await self._verifier.verify(access_token)


class ObservedOrganisationGrants(OrganisationGrants):
    """Observes the look-up of grants."""

    def __init__(self, grants: OrganisationGrants, around: AroundPart) -> None:
        """Observe `grants`."""
        self._grants = grants
        self._around = around

    async def terms(self, grant: Grant) -> GrantTerms | None:
        """Return the terms of the grant."""
        with self._around("grant"):
            return await self._grants.terms(grant)


class ObservedRedemptionGrants(RedemptionGrants):
    """Observes the look-up of the grants of portals."""

    def __init__(self, grants: RedemptionGrants, around: AroundPart) -> None:
        """Observe `grants`."""
        self._grants = grants
        self._around = around

    async def includes(self, grant: RedemptionGrant) -> bool:
        """Return whether the grant exists."""
        with self._around("grant"):
            return await self._grants.includes(grant)


class ObservedPatientRepository(PatientRepository):
    """Observes the reading of patients."""

    def __init__(self, patients: PatientRepository, around: AroundPart) -> None:
        """Observe `patients`."""
        self._patients = patients
        self._around = around

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient."""
        with self._around("read", asked=len(identifiers)):
            return await self._patients.find(organisation_id, identifiers)


class ObservedIdempotencyRepository(IdempotencyRepository):
    """Observes the search for the first answer to a request."""

    def __init__(self, requests: IdempotencyRepository, around: AroundPart) -> None:
        """Observe `requests`."""
        self._requests = requests
        self._around = around

    async def find(self, name: ScopedIdempotencyKey, now: datetime) -> IdempotencyRecord | None:
        """Return the request of this name."""
        with self._around("recall"):
            return await self._requests.find(name, now)

    async def forget(self, now: datetime) -> int:
        """Delete old requests; no call does that, so it is not observed."""
        return await self._requests.forget(now)


class ObservedDecideInvitations(DecideInvitations):
    """Observes the decision; it includes the reading of patients."""

    def __init__(
        self,
        find: FindPatients,
        policy: EligibilityPolicy,
        invitations: PatientInvitations,
        clock: Clock,
        around: AroundPart,
    ) -> None:
        """Decide by the same parts."""
        super().__init__(find, policy, invitations, clock)
        self._around = around

    async def __call__(
        self, authorised: AuthorisedCaller, requested: Sequence[RequestedIdentifier], at_most: int
    ) -> Result[Decisions, IdentifiersRejected]:
        """Return the decisions."""
        with self._around("decide"):
            return await super().__call__(authorised, requested, at_most)

    async def again(
        self,
        authorised: AuthorisedCaller,
        requested: Sequence[RequestedIdentifier],
        first: Decisions,
        batch: RequestId,
    ) -> Decisions:
        """Return the decisions of a replay."""
        with self._around("decide"):
            return await super().again(authorised, requested, first, batch)


class ObservedInvitationRepository(InvitationRepository):
    """Observes the storing of invitations."""

    def __init__(self, invitations: InvitationRepository, around: AroundPart, on_stored: OnStored) -> None:
        """Observe `invitations`."""
        self._invitations = invitations
        self._around = around
        self._on_stored = on_stored

    async def add(
        self,
        invitations: Sequence[Invitation],
        event: AuditEvent,
        remembered: IdempotencyRecord | None = None,
    ) -> Result[None, NotStored]:
        """Store the invitations of a request."""
        with self._around("write", invited=len(invitations)):
            stored = await self._invitations.add(invitations, event, remembered)
        if not failed(stored):
            self._on_stored(event)
        return stored


class ObservedInvitationRevocations(InvitationRevocations):
    """Observes revocations."""

    def __init__(
        self,
        revocations: InvitationRevocations,
        around: AroundPart,
        on_stored: OnStored,
        on_revoked: OnRevoked,
    ) -> None:
        """Observe `revocations`."""
        self._revocations = revocations
        self._around = around
        self._on_stored = on_stored
        self._on_revoked = on_revoked

    async def revoke(
        self, revocation: Revocation, event_of: Callable[[RevokedInvitations], AuditEvent]
    ) -> RevokedInvitations:
        """Revoke invitations."""
        with self._around("revoke", patients=len(revocation.patient_ids)):
            revoked = await self._revocations.revoke(revocation, event_of)
        self._on_stored(event_of(revoked))
        self._on_revoked(revoked.count)
        return revoked


class ObservedAuditRepository(AuditRepository):
    """Observes the storing of audit events."""

    def __init__(self, audit: AuditRepository, around: AroundPart, on_stored: OnStored) -> None:
        """Observe `audit`."""
        self._audit = audit
        self._around = around
        self._on_stored = on_stored

    async def record(self, event: AuditEvent) -> None:
        """Store an event."""
        with self._around("write"):
            await self._audit.record(event)
        self._on_stored(event)

    def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        """Give the events of a period; no call does that, so it is not observed."""
        return self._audit.between(since, until)
