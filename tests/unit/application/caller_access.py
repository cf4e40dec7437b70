"""The use case that authorises callers, with fakes, and the callers of its access tokens."""

from collections.abc import Mapping

from returns.result import Failure, Success

from application.authorisation import Authorisation
from application.authorise_caller import AuthoriseCaller
from application.ports.access import (
    AccessTokenExpired,
    AccessTokenVerifier,
    OrganisationGrants,
    RateLimits,
)
from application.ports.audit import AuditRepository
from domain.access import AuthorisedCaller, Caller, Grant, Operation
from tests.builders import CLIENT, GENERATE, HOSPITAL, STATUS_QUERY, a_grant
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.grant_repository import InMemoryGrants
from tests.unit.application.call_record import a_call_record, a_charge

SCOPE = "system/Organization.write"
STATUS_SCOPE = "system/Patient.read"
SCOPES = {GENERATE: SCOPE, STATUS_QUERY: STATUS_SCOPE}
CALLER = Caller(CLIENT, frozenset({SCOPE, "profile"}))
READER = Caller(CLIENT, frozenset({STATUS_SCOPE}))
UNSCOPED = Caller(CLIENT, frozenset({"system/Organization.write.all", "write"}))
VERIFIER = KnownAccessTokens(
    {
        "good": Success(CALLER),
        "reader": Success(READER),
        "unscoped": Success(UNSCOPED),
        "expired": Failure(AccessTokenExpired()),
    }
)


def authorise_caller(
    *grants: Grant,
    verifier: AccessTokenVerifier = VERIFIER,
    granted: OrganisationGrants | None = None,
    allowances: RateLimits | None = None,
    trail: AuditRepository | None = None,
    scopes: Mapping[Operation, str] = SCOPES,
) -> AuthoriseCaller:
    record = a_call_record(trail)
    return AuthoriseCaller(
        Authorisation(verifier, a_charge(record, allowances), record),
        granted or InMemoryGrants(*(grants or [a_grant(CLIENT, HOSPITAL)])),
        scopes,
    )


def an_authorised(caller: Caller, operation: Operation) -> AuthorisedCaller:
    """Foresee a caller whose scopes allow the one operation."""
    return AuthorisedCaller(caller, HOSPITAL, operation, frozenset({operation}))
