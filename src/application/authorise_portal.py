"""Use case: authorise the portal that redeems invitations."""

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.authorise_caller import AccessTokenMissing, ScopeMissing
from application.ports.access import (
    AccessTokenRejection,
    AccessTokenVerifier,
    RateLimits,
    RedemptionGrants,
)
from domain.access import AuthorisedPortal, Caller, Operation
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


PortalRefused: TypeAlias = ScopeMissing | RedemptionForbidden | PortalThrottled
"""Why an authenticated caller is refused."""

PortalAccessRefused: TypeAlias = AccessTokenMissing | AccessTokenRejection | PortalRefused


class AuthorisePortal:
    """Authorise the portal that redeems invitations.

    - The access token is genuine, in force and meant for this service.
    - The portal has not called more often than its rate limit allows; refused calls count too.
    - The token carries the scope of the operation, if the operation needs one.
    - The portal has a grant to redeem. It names no organisation, because the code knows its own.
    - The refusal of an authenticated caller is recorded in the audit.
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
        decided = await self._decide(AuthorisedPortal(verified.unwrap(), operation))
        if failed(decided):
            await self._put_on_record(operation, decided.failure())
        return decided

    async def _decide(self, portal: AuthorisedPortal) -> Result[AuthorisedPortal, PortalRefused]:
        taken = await self._allowances.take(portal.grant, 1)
        if failed(taken):
            return Failure(PortalThrottled(portal.caller, taken.failure()))
        scope = self._required_scopes[portal.operation]
        if scope not in {"", *portal.caller.scopes}:
            return Failure(ScopeMissing(portal.caller, scope))
        if not await self._grants.includes(portal.grant):
            return Failure(RedemptionForbidden(portal.caller))
        return Success(portal)

    async def _put_on_record(self, operation: Operation, refused: PortalRefused) -> None:
        match refused:
            case ScopeMissing(caller):
                await self._record.turned_away(operation, Outcome.SCOPE_MISSING, caller)
            case RedemptionForbidden(caller):
                await self._record.turned_away(operation, Outcome.REDEMPTION_FORBIDDEN, caller)
            case PortalThrottled(caller):
                await self._record.turned_away(operation, Outcome.THROTTLED, caller)
            case _:
                assert_never(refused)
