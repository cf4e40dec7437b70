"""Use case: authorise the caller of an operation for the organisation that it names."""

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.ports.access import (
    AccessTokenRejection,
    AccessTokenVerifier,
    OrganisationGrants,
    RateLimits,
)
from domain import scopes
from domain.access import AuthorisedCaller, Caller, CallerAlone, Operation
from domain.audit import Outcome
from domain.confidential import Confidential
from domain.organisations import OrganisationId
from domain.rate_limits import Throttled
from domain.results import failed


class AccessRequest(Confidential, frozen=True):
    """The access token that a caller presents, and the organisation that it wants to act for."""

    access_token: str | None
    organisation_id: str | None


class AccessTokenMissing(Struct, frozen=True):
    """The caller presented no access token."""


class ScopeMissing(Struct, frozen=True):
    """The access token does not carry the scope that the operation needs."""

    caller: Caller
    scope: str


class OrganisationMissing(Struct, frozen=True):
    """The caller named no organisation."""

    caller: Caller


class OrganisationMalformed(Struct, frozen=True):
    """The caller named no valid organisation id."""

    caller: Caller


class OrganisationForbidden(Struct, frozen=True):
    """The organisation is unknown or not granted to the caller, which does not learn which of the two."""

    caller: Caller
    organisation_id: OrganisationId


class CallsThrottled(Struct, frozen=True):
    """The caller has called too often on behalf of the organisation."""

    authorised: AuthorisedCaller
    throttled: Throttled


class RefusalsThrottled(Struct, frozen=True):
    """The caller was refused too often."""

    caller: Caller
    throttled: Throttled


NotAuthorised: TypeAlias = ScopeMissing | OrganisationMissing | OrganisationMalformed | OrganisationForbidden
"""Why a caller may not call, however seldom it does."""

CallerRefused: TypeAlias = NotAuthorised | CallsThrottled | RefusalsThrottled
"""Why an authenticated caller is refused."""

AccessRefused: TypeAlias = AccessTokenMissing | AccessTokenRejection | CallerRefused


class AuthoriseCaller:
    """Authorise the caller of an operation.

    - The access token is genuine, in force and meant for this service.
    - It carries the scope of the operation, if the operation needs one.
    - The caller names exactly one organisation, and has a grant to act for it.
    - Every call of an authenticated caller is charged: to the caller and the organisation, or to the caller
      alone if it is refused. Neither may exceed its rate limit.
    - The refusal of an authenticated caller is recorded in the audit; that of a throttled one once a minute.
    """

    def __init__(
        self,
        verifier: AccessTokenVerifier,
        grants: OrganisationGrants,
        allowances: RateLimits,
        record: AuditRecorder,
        required_scopes: Mapping[Operation, str],
    ) -> None:
        """Count calls by `allowances`; an empty required scope means that none is needed."""
        self._verifier = verifier
        self._grants = grants
        self._allowances = allowances
        self._record = record
        self._required_scopes = required_scopes

    async def __call__(
        self, operation: Operation, request: AccessRequest
    ) -> Result[AuthorisedCaller, AccessRefused]:
        """Return the authorised caller, or why access is refused. Raises `Unavailable`."""
        if request.access_token is None:
            return Failure(AccessTokenMissing())
        verified = await self._verifier.verify(request.access_token)
        if failed(verified):
            return Failure(verified.failure())
        caller = verified.unwrap()
        decided = await self._charge(caller, await self._decide(operation, caller, request.organisation_id))
        if failed(decided):
            await self._put_on_record(operation, decided.failure())
        return decided

    async def _decide(
        self, operation: Operation, caller: Caller, named: str | None
    ) -> Result[AuthorisedCaller, NotAuthorised]:
        permitted = self._permitted(caller)
        if operation not in permitted:
            return Failure(ScopeMissing(caller, self._required_scopes[operation]))
        if named is None:
            return Failure(OrganisationMissing(caller))
        parsed = OrganisationId.parse(named)
        if failed(parsed):
            return Failure(OrganisationMalformed(caller))
        authorised = AuthorisedCaller(caller, parsed.unwrap(), operation, permitted)
        if not await self._grants.includes(authorised.grant):
            return Failure(OrganisationForbidden(caller, authorised.organisation_id))
        return Success(authorised)

    async def _charge(
        self, caller: Caller, decided: Result[AuthorisedCaller, NotAuthorised]
    ) -> Result[AuthorisedCaller, CallerRefused]:
        if failed(decided):
            taken = await self._allowances.take(CallerAlone(caller.client_id), 1)
            if failed(taken):
                return Failure(RefusalsThrottled(caller, taken.failure()))
            return Failure(decided.failure())
        authorised = decided.unwrap()
        taken = await self._allowances.take(authorised.grant, 1)
        if failed(taken):
            return Failure(CallsThrottled(authorised, taken.failure()))
        return Success(authorised)

    def _permitted(self, caller: Caller) -> frozenset[Operation]:
        return frozenset(
            operation
            for operation, scope in self._required_scopes.items()
            if not scope or scopes.allow(caller.scopes, scope)
        )

    async def _put_on_record(self, operation: Operation, refused: CallerRefused) -> None:
        match refused:
            case ScopeMissing(caller):
                await self._record.turned_away(operation, Outcome.SCOPE_MISSING, caller)
            case OrganisationMissing(caller):
                await self._record.turned_away(operation, Outcome.ORGANISATION_MISSING, caller)
            case OrganisationMalformed(caller):
                await self._record.turned_away(operation, Outcome.ORGANISATION_MALFORMED, caller)
            case OrganisationForbidden(caller, organisation_id):
                await self._record.turned_away(
                    operation, Outcome.ORGANISATION_FORBIDDEN, caller, organisation_id
                )
            case CallsThrottled(authorised, throttled):
                if not throttled.on_record:
                    await self._record.refused(authorised, Outcome.THROTTLED)
            case RefusalsThrottled(caller, throttled):
                if not throttled.on_record:
                    await self._record.turned_away(operation, Outcome.THROTTLED, caller)
            case _:
                assert_never(refused)
