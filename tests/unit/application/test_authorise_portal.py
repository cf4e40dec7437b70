import pytest
from returns.result import Failure, Success

from application.authorisation import (
    AccessRefused,
    AccessTokenMissing,
    Authorisation,
    CallsThrottled,
    RedemptionForbidden,
    RefusalsThrottled,
    ScopeMissing,
)
from application.authorise_portal import AuthorisePortal
from application.ports.access import (
    AccessTokenExpired,
    AccessTokenInvalid,
    AccessTokenVerifier,
    RateLimits,
    RedemptionGrants,
)
from application.ports.audit import AuditRepository
from application.ports.system import Unavailable
from domain.access import AuthorisedPortal, Caller, Operation, RedemptionGrant
from domain.audit import AuditEvent, Outcome
from tests.builders import NOW
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.grant_repository import InMemoryRedemptionGrants
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record, a_charge

CLAIM = Operation.CLAIM_INVITATION
SCOPE = "system/Patient.write"
PORTAL = Caller("portal", frozenset({SCOPE}))
UNSCOPED = Caller("portal", frozenset({"system/Patient.read"}))
STRANGER = Caller("stranger", frozenset({SCOPE}))
VERIFIER = KnownAccessTokens(
    {
        "good": Success(PORTAL),
        "unscoped": Success(UNSCOPED),
        "stranger": Success(STRANGER),
        "expired": Failure(AccessTokenExpired()),
    }
)
AUTHORISED = AuthorisedPortal(PORTAL, CLAIM)
THROTTLED = CountedRateLimits.throttled


def _authorise(
    *,
    verifier: AccessTokenVerifier = VERIFIER,
    granted: RedemptionGrants | None = None,
    allowances: RateLimits | None = None,
    trail: AuditRepository | None = None,
    scope: str = SCOPE,
) -> AuthorisePortal:
    record = a_call_record(trail)
    return AuthorisePortal(
        Authorisation(verifier, a_charge(record, allowances), record),
        granted or InMemoryRedemptionGrants(RedemptionGrant("portal")),
        {CLAIM: scope},
    )


async def test_a_portal_with_token_scope_and_grant_is_authorised() -> None:
    assert await _authorise()(CLAIM, "good") == Success(AUTHORISED)


async def test_where_no_scope_is_required_none_is_needed() -> None:
    authorised = await _authorise(scope="")(CLAIM, "unscoped")

    assert authorised == Success(AuthorisedPortal(UNSCOPED, CLAIM))


REFUSED_ON_RECORD = [
    pytest.param("unscoped", 10, ScopeMissing(UNSCOPED, SCOPE), Outcome.SCOPE_MISSING, id="no-scope"),
    pytest.param("stranger", 10, RedemptionForbidden(STRANGER), Outcome.REDEMPTION_FORBIDDEN, id="no-grant"),
    pytest.param("good", 0, CallsThrottled(AUTHORISED, THROTTLED), Outcome.THROTTLED, id="throttled"),
]


@pytest.mark.parametrize(("token", "at_most", "refusal", "outcome"), REFUSED_ON_RECORD)
async def test_an_authenticated_caller_is_refused_on_record(
    token: str, at_most: int, refusal: AccessRefused, outcome: Outcome
) -> None:
    trail = InMemoryAuditRepository()

    refused = await _authorise(trail=trail, allowances=CountedRateLimits(at_most))(CLAIM, token)

    assert refused == Failure(refusal)
    caller = VERIFIER_CALLERS[token]
    assert trail.events == [AuditEvent(FIRST_REQUEST, NOW, CLAIM, outcome, caller.client_id, None)]


VERIFIER_CALLERS = {"good": PORTAL, "unscoped": UNSCOPED, "stranger": STRANGER}


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        pytest.param(None, AccessTokenMissing(), id="no-token"),
        pytest.param("forged", AccessTokenInvalid(), id="invalid-token"),
        pytest.param("expired", AccessTokenExpired(), id="expired-token"),
    ],
)
async def test_a_caller_that_is_not_authenticated_is_not_on_record(
    token: str | None, refusal: AccessRefused
) -> None:
    trail = InMemoryAuditRepository()

    assert await _authorise(trail=trail)(CLAIM, token) == Failure(refusal)
    assert trail.events == []


async def test_a_wider_smart_scope_contains_the_required_one() -> None:
    wider = Caller("portal", frozenset({"system/*.cruds"}))

    authorised = await _authorise(verifier=KnownAccessTokens({"wide": Success(wider)}))(CLAIM, "wide")

    assert authorised == Success(AuthorisedPortal(wider, CLAIM))


@pytest.mark.parametrize(("token", "caller"), [("unscoped", UNSCOPED), ("stranger", STRANGER)])
async def test_a_caller_that_is_refused_too_often_is_throttled(token: str, caller: Caller) -> None:
    authorise = _authorise(allowances=CountedRateLimits(2))

    answers = [await authorise(CLAIM, token) for _ in range(3)]

    assert answers[2] == Failure(RefusalsThrottled(caller, THROTTLED))


async def test_refused_calls_do_not_count_against_the_allowance_of_a_grant() -> None:
    authorise = _authorise(allowances=CountedRateLimits(2))
    for _ in range(3):
        await authorise(CLAIM, "unscoped")

    assert await authorise(CLAIM, "good") == Success(AUTHORISED)


@pytest.mark.parametrize(("token", "at_most", "others"), [("good", 1, 0), ("stranger", 1, 1)])
async def test_throttling_is_on_record_once_in_a_while(token: str, at_most: int, others: int) -> None:
    trail = InMemoryAuditRepository()
    authorise = _authorise(trail=trail, allowances=CountedRateLimits(at_most))

    for _ in range(4):
        await authorise(CLAIM, token)

    outcomes = [event.outcome for event in trail.events]
    assert outcomes == [*[Outcome.REDEMPTION_FORBIDDEN] * others, Outcome.THROTTLED]


@pytest.mark.parametrize(
    "authorise",
    [
        pytest.param(_authorise(verifier=OutOfOrder()), id="verifier"),
        pytest.param(_authorise(granted=OutOfOrder()), id="grants"),
        pytest.param(_authorise(allowances=OutOfOrder()), id="allowances"),
    ],
)
async def test_infrastructure_that_is_down_is_no_answer(authorise: AuthorisePortal) -> None:
    with pytest.raises(Unavailable):
        await authorise(CLAIM, "good")
