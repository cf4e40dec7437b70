"""A step of the use cases: let callers in, charge each call, and record those that are refused."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar, assert_never

from msgspec import Struct
from returns.result import Failure, Result

from application.audit_recorder import AuditRecorder
from application.charge_callers import ChargeCallers
from application.ports.access import AccessTokenRejection, AccessTokenVerifier
from domain.access import AuthorisedCaller, AuthorisedPortal, Caller, Operation
from domain.audit import Outcome
from domain.organisations import OrganisationId
from domain.rate_limits import Throttled
from domain.results import failed

A = TypeVar("A", AuthorisedCaller, AuthorisedPortal)


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
    """The organisation is unknown, disabled or not granted; the caller does not learn which."""

    caller: Caller
    organisation_id: OrganisationId


class RedemptionForbidden(Struct, frozen=True):
    """The caller has no grant to redeem invitations."""

    caller: Caller


class CallsThrottled(Struct, frozen=True):
    """The caller has called too often under its grant."""

    authorised: AuthorisedCaller | AuthorisedPortal
    throttled: Throttled


class RefusalsThrottled(Struct, frozen=True):
    """The caller was refused too often."""

    caller: Caller
    throttled: Throttled


NotAuthorised: TypeAlias = (
    ScopeMissing | OrganisationMissing | OrganisationMalformed | OrganisationForbidden | RedemptionForbidden
)
"""Why a caller may not call, however seldom it does."""

CallerRefused: TypeAlias = NotAuthorised | CallsThrottled | RefusalsThrottled
"""Why an authenticated caller is refused."""

AccessRefused: TypeAlias = AccessTokenMissing | AccessTokenRejection | CallerRefused


class Authorisation:
    """Let in each caller that is authenticated, authorised, and within its rate limit.

    - The access token is genuine, in force and meant for this service.
    - Every call of an authenticated caller is charged: to its grant, or to the caller alone if it is
      refused. Neither may exceed its rate limit.
    - The refusal of an authenticated caller is recorded in the audit; that of a throttled one once a minute.
    """

    def __init__(self, verifier: AccessTokenVerifier, charge: ChargeCallers, record: AuditRecorder) -> None:
        """Charge calls by `charge`."""
        self._verifier = verifier
        self._charge = charge
        self._record = record

    async def __call__(
        self,
        operation: Operation,
        access_token: str | None,
        decide: Callable[[Caller], Awaitable[Result[A, NotAuthorised]]],
    ) -> Result[A, AccessRefused]:
        """Let `decide` say whether the caller may call. Raises `Unavailable`."""
        if access_token is None:
            return Failure(AccessTokenMissing())
        verified = await self._verifier.verify(access_token)
        if failed(verified):
            return Failure(verified.failure())
        decided = await decide(verified.unwrap())
        if failed(decided):
            return Failure(await self._refused(operation, decided.failure()))
        authorised = decided.unwrap()
        charged = await self._charge.call(authorised)
        if failed(charged):
            return Failure(CallsThrottled(authorised, charged.failure()))
        return decided

    async def _refused(
        self, operation: Operation, refused: NotAuthorised
    ) -> NotAuthorised | RefusalsThrottled:
        charged = await self._charge.refused_call(operation, refused.caller)
        if failed(charged):
            return RefusalsThrottled(refused.caller, charged.failure())
        await self._put_on_record(operation, refused)
        return refused

    async def _put_on_record(self, operation: Operation, refused: NotAuthorised) -> None:
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
            case RedemptionForbidden(caller):
                await self._record.turned_away(operation, Outcome.REDEMPTION_FORBIDDEN, caller)
            case _:
                assert_never(refused)
