"""Use case: authorise the portal that redeems invitations."""

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.authorise_caller import AccessTokenMissing, RefusalsThrottled, ScopeMissing
from application.ports.access import (
    AccessTokenRejection,
    AccessTokenVerifier,
    RateLimits,
    RedemptionGrants,
)
from domain import scopes
from domain.access import AuthorisedPortal, Caller, CallerAlone, Operation
from domain.audit import Outcome
from domain.rate_limits import Throttled
from domain.results import failed


class RedemptionForbidden(Struct, frozen=True):
    """The caller has no grant to redeem invitations."""

    caller: Caller


class PortalThrottled(Struct, frozen=True):
    """The portal has called too often."""

    caller: Caller
    throttled: Throttled


PortalRefused: TypeAlias = ScopeMissing | RedemptionForbidden | PortalThrottled | RefusalsThrottled
"""Why an authenticated caller is refused."""

PortalAccessRefused: TypeAlias = AccessTokenMissing | AccessTokenRejection | PortalRefused


class AuthorisePortal:
    """Authorise the portal that redeems invitations.

    - The access token is genuine, in force and meant for this service.
    - It carries the scope of the operation, if the operation needs one.
    - The portal has a grant to redeem. It names no organisation, because the code knows its own.
    - Every call of an authenticated caller is charged: to its grant, or to the caller alone if it is refused.
      Neither may exceed its rate limit.
    - The refusal of an authenticated caller is recorded in the audit; that of a throttled one once a minute.
    """

    def __init__(
        self,
        verifier: AccessTokenVerifier,
        grants: RedemptionGrants,
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
        self, operation: Operation, access_token: str | None
    ) -> Result[AuthorisedPortal, PortalAccessRefused]:
        """Return the authorised portal, or why access is refused. Raises `Unavailable`."""
        if access_token is None:
            return Failure(AccessTokenMissing())
        verified = await self._verifier.verify(access_token)
        if failed(verified):
            return Failure(verified.failure())
        portal = AuthorisedPortal(verified.unwrap(), operation)
        decided = await self._charge(portal, await self._decide(portal))
        if failed(decided):
            await self._put_on_record(operation, decided.failure())
        return decided

    async def _decide(
        self, portal: AuthorisedPortal
    ) -> Result[AuthorisedPortal, ScopeMissing | RedemptionForbidden]:
        scope = self._required_scopes[portal.operation]
        if scope and not scopes.allow(portal.caller.scopes, scope):
            return Failure(ScopeMissing(portal.caller, scope))
        if not await self._grants.includes(portal.grant):
            return Failure(RedemptionForbidden(portal.caller))
        return Success(portal)

    async def _charge(
        self,
        portal: AuthorisedPortal,
        decided: Result[AuthorisedPortal, ScopeMissing | RedemptionForbidden],
    ) -> Result[AuthorisedPortal, PortalRefused]:
        if failed(decided):
            taken = await self._allowances.take(CallerAlone(portal.caller.client_id), 1)
            if failed(taken):
                return Failure(RefusalsThrottled(portal.caller, taken.failure()))
            return Failure(decided.failure())
        taken = await self._allowances.take(portal.grant, 1)
        if failed(taken):
            return Failure(PortalThrottled(portal.caller, taken.failure()))
        return Success(portal)

    async def _put_on_record(self, operation: Operation, refused: PortalRefused) -> None:
        match refused:
            case ScopeMissing(caller):
                await self._record.turned_away(operation, Outcome.SCOPE_MISSING, caller)
            case RedemptionForbidden(caller):
                await self._record.turned_away(operation, Outcome.REDEMPTION_FORBIDDEN, caller)
            case PortalThrottled(caller, throttled) | RefusalsThrottled(caller, throttled):
                if not throttled.on_record:
                    await self._record.turned_away(operation, Outcome.THROTTLED, caller)
            case _:
                assert_never(refused)
