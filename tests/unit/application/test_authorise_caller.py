from collections.abc import Mapping

import pytest
from returns.result import Failure, Result, Success

from application.authorise_caller import (
    AccessRefused,
    AccessRequest,
    AccessTokenMissing,
    AuthoriseCaller,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    RefusalsThrottled,
    ScopeMissing,
)
from application.ports.access import (
    AccessTokenExpired,
    AccessTokenInvalid,
    AccessTokenVerifier,
    OrganisationGrants,
    RateLimits,
)
from application.ports.audit import AuditRepository
from application.ports.system import Unavailable
from domain.access import AuthorisedCaller, Caller, Grant, Operation
from domain.audit import AuditEvent, Outcome
from domain.organisations import OrganisationId
from tests.builders import CLIENT, GENERATE, HOSPITAL, NOW, OTHER_HOSPITAL, STATUS_QUERY, a_grant
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST, a_call_record

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


def _authorise(
    *grants: Grant,
    verifier: AccessTokenVerifier = VERIFIER,
    granted: OrganisationGrants | None = None,
    allowances: RateLimits | None = None,
    trail: AuditRepository | None = None,
    scopes: Mapping[Operation, str] = SCOPES,
) -> AuthoriseCaller:
    return AuthoriseCaller(
        verifier,
        granted or InMemoryGrants(*(grants or [a_grant(CLIENT, HOSPITAL)])),
        allowances or CountedRateLimits(),
        a_call_record(trail),
        scopes,
    )


def _authorised(caller: Caller, operation: Operation) -> AuthorisedCaller:
    """Foresee a caller whose scopes allow the one operation."""
    return AuthorisedCaller(caller, HOSPITAL, operation, frozenset({operation}))


async def test_a_caller_with_token_scope_and_grant_is_authorised() -> None:
    authorised = await _authorise()(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised == Success(_authorised(CALLER, GENERATE))


async def test_an_organisation_may_be_named_in_upper_case() -> None:
    authorised = await _authorise()(GENERATE, AccessRequest("good", str(HOSPITAL).upper()))

    assert authorised == Success(_authorised(CALLER, GENERATE))


async def test_where_no_scope_is_required_none_is_needed() -> None:
    authorise = _authorise(scopes={**SCOPES, GENERATE: ""})

    authorised = await authorise(GENERATE, AccessRequest("unscoped", str(HOSPITAL)))

    assert authorised == Success(_authorised(UNSCOPED, GENERATE))


async def test_every_operation_that_the_scopes_allow_is_permitted() -> None:
    authorise = _authorise(scopes={**SCOPES, STATUS_QUERY: ""})

    authorised = await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised.unwrap().permitted == {GENERATE, STATUS_QUERY}


@pytest.mark.parametrize(
    ("operation", "token", "authorised"),
    [
        pytest.param(GENERATE, "good", Success(_authorised(CALLER, GENERATE)), id="generate"),
        pytest.param(STATUS_QUERY, "reader", Success(_authorised(READER, STATUS_QUERY)), id="status"),
        pytest.param(GENERATE, "reader", Failure(ScopeMissing(READER, SCOPE)), id="generate-as-reader"),
        pytest.param(
            STATUS_QUERY, "good", Failure(ScopeMissing(CALLER, STATUS_SCOPE)), id="status-as-inviter"
        ),
    ],
)
async def test_each_operation_has_a_scope_of_its_own(
    operation: Operation, token: str, authorised: Result[AuthorisedCaller, AccessRefused]
) -> None:
    assert await _authorise()(operation, AccessRequest(token, str(HOSPITAL))) == authorised


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param(AccessRequest(None, str(HOSPITAL)), AccessTokenMissing(), id="no-token"),
        pytest.param(AccessRequest("", str(HOSPITAL)), AccessTokenInvalid(), id="empty-token"),
        pytest.param(AccessRequest("forged", str(HOSPITAL)), AccessTokenInvalid(), id="invalid-token"),
        pytest.param(AccessRequest("expired", str(HOSPITAL)), AccessTokenExpired(), id="expired-token"),
        pytest.param(AccessRequest("unscoped", str(HOSPITAL)), ScopeMissing(UNSCOPED, SCOPE), id="no-scope"),
        pytest.param(AccessRequest("good", None), OrganisationMissing(CALLER), id="no-organisation"),
        pytest.param(AccessRequest("good", ""), OrganisationMalformed(CALLER), id="empty-organisation"),
        pytest.param(
            AccessRequest("good", f"{HOSPITAL},{HOSPITAL}"),
            OrganisationMalformed(CALLER),
            id="two-organisations",
        ),
        pytest.param(
            AccessRequest("good", str(OTHER_HOSPITAL)),
            OrganisationForbidden(CALLER, OTHER_HOSPITAL),
            id="organisation-not-granted",
        ),
    ],
)
async def test_access_is_refused_for(asked: AccessRequest, refusal: AccessRefused) -> None:
    assert await _authorise()(GENERATE, asked) == Failure(refusal)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param(AccessRequest(None, None), AccessTokenMissing(), id="token-before-organisation"),
        pytest.param(AccessRequest("expired", None), AccessTokenExpired(), id="verdict-before-organisation"),
        pytest.param(
            AccessRequest("unscoped", "no organisation"),
            ScopeMissing(UNSCOPED, SCOPE),
            id="scope-before-organisation",
        ),
    ],
)
async def test_of_several_faults_the_first_is_reported(asked: AccessRequest, refusal: AccessRefused) -> None:
    assert await _authorise()(GENERATE, asked) == Failure(refusal)


async def test_the_grant_of_another_client_is_no_help() -> None:
    authorise = _authorise(a_grant("kiosk", HOSPITAL))

    authorised = await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert authorised == Failure(OrganisationForbidden(CALLER, HOSPITAL))


async def test_a_caller_that_calls_too_often_is_refused() -> None:
    authorise = _authorise(allowances=CountedRateLimits(2))

    answers = [await authorise(GENERATE, AccessRequest("good", str(HOSPITAL))) for _ in range(3)]

    authorised = _authorised(CALLER, GENERATE)
    assert answers == [
        Success(authorised),
        Success(authorised),
        Failure(CallsThrottled(authorised, CountedRateLimits.throttled)),
    ]


async def test_calls_on_behalf_of_another_organisation_are_counted_apart() -> None:
    authorise = _authorise(
        a_grant(CLIENT, HOSPITAL), a_grant(CLIENT, OTHER_HOSPITAL), allowances=CountedRateLimits(1)
    )

    answers = [
        await authorise(GENERATE, AccessRequest("good", str(each))) for each in (HOSPITAL, OTHER_HOSPITAL)
    ]

    assert [isinstance(each, Success) for each in answers] == [True, True]


async def test_the_operations_draw_on_one_allowance() -> None:
    authorise = _authorise(allowances=CountedRateLimits(1))

    await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))
    second = await authorise(STATUS_QUERY, AccessRequest("reader", str(HOSPITAL)))

    authorised = _authorised(READER, STATUS_QUERY)
    assert second == Failure(CallsThrottled(authorised, CountedRateLimits.throttled))


REFUSED = [
    pytest.param(AccessRequest("reader", str(HOSPITAL)), id="scope"),
    pytest.param(AccessRequest("good", None), id="no-organisation"),
    pytest.param(AccessRequest("good", "hospital"), id="malformed"),
    pytest.param(AccessRequest("good", str(OTHER_HOSPITAL)), id="forbidden"),
]


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_caller_that_is_refused_too_often_is_throttled(refused: AccessRequest) -> None:
    authorise = _authorise(allowances=CountedRateLimits(2))

    answers = [await authorise(GENERATE, refused) for _ in range(3)]

    assert [isinstance(each.failure(), RefusalsThrottled) for each in answers] == [False, False, True]


async def test_refusals_for_whatever_organisation_draw_on_one_allowance() -> None:
    authorise = _authorise(allowances=CountedRateLimits(1))

    await authorise(GENERATE, AccessRequest("good", "hospital"))
    second = await authorise(GENERATE, AccessRequest("good", str(OTHER_HOSPITAL)))

    assert second == Failure(RefusalsThrottled(CALLER, CountedRateLimits.throttled))


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_refused_call_takes_nothing_from_an_organisation(refused: AccessRequest) -> None:
    authorise = _authorise(allowances=CountedRateLimits(1))

    for _ in range(2):
        await authorise(GENERATE, refused)

    assert isinstance(await authorise(GENERATE, AccessRequest("good", str(HOSPITAL))), Success)


@pytest.mark.parametrize(
    "asked", [*REFUSED, pytest.param(AccessRequest("good", str(HOSPITAL)), id="authorised")]
)
async def test_throttling_is_on_record_once_a_minute(asked: AccessRequest) -> None:
    trail = InMemoryAuditRepository()
    authorise = _authorise(allowances=CountedRateLimits(0), trail=trail)

    for _ in range(3):
        await authorise(GENERATE, asked)

    assert [each.outcome for each in trail.events] == [Outcome.THROTTLED]


@pytest.mark.parametrize(
    ("asked", "outcome", "organisation_id"),
    [
        pytest.param(AccessRequest("unscoped", str(HOSPITAL)), Outcome.SCOPE_MISSING, None, id="scope"),
        pytest.param(AccessRequest("good", None), Outcome.ORGANISATION_MISSING, None, id="no-organisation"),
        pytest.param(AccessRequest("good", "hospital"), Outcome.ORGANISATION_MALFORMED, None, id="malformed"),
        pytest.param(
            AccessRequest("good", str(OTHER_HOSPITAL)),
            Outcome.ORGANISATION_FORBIDDEN,
            OTHER_HOSPITAL,
            id="forbidden",
        ),
        pytest.param(AccessRequest("good", str(HOSPITAL)), Outcome.THROTTLED, HOSPITAL, id="throttled"),
    ],
)
@pytest.mark.parametrize("operation", Operation)
async def test_an_authenticated_caller_that_is_refused_is_recorded(
    operation: Operation, asked: AccessRequest, outcome: Outcome, organisation_id: OrganisationId | None
) -> None:
    trail = InMemoryAuditRepository()
    scopes = dict.fromkeys(Operation, SCOPE)
    allowances = CountedRateLimits(0 if outcome is Outcome.THROTTLED else 1)

    await _authorise(allowances=allowances, trail=trail, scopes=scopes)(operation, asked)

    assert trail.events == [
        AuditEvent(
            request_id=FIRST_REQUEST,
            recorded_at=NOW,
            operation=operation,
            outcome=outcome,
            client_id=CLIENT,
            organisation_id=organisation_id,
        )
    ]


@pytest.mark.parametrize("token", [None, "", "forged", "expired"])
async def test_an_unauthenticated_caller_is_not_recorded(token: str | None) -> None:
    trail = InMemoryAuditRepository()

    await _authorise(trail=trail)(GENERATE, AccessRequest(token, str(HOSPITAL)))

    assert trail.events == []


async def test_an_authorised_caller_is_not_recorded_yet() -> None:
    trail = InMemoryAuditRepository()

    await _authorise(trail=trail)(GENERATE, AccessRequest("good", str(HOSPITAL)))

    assert trail.events == []


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(AccessRequest("unscoped", str(HOSPITAL)), id="scope"),
        pytest.param(AccessRequest("good", None), id="no-organisation"),
        pytest.param(AccessRequest("good", "hospital"), id="malformed"),
        pytest.param(AccessRequest("good", str(OTHER_HOSPITAL)), id="forbidden"),
        pytest.param(AccessRequest("good", str(HOSPITAL)), id="throttled"),
    ],
)
async def test_a_refusal_that_cannot_be_recorded_is_not_given(asked: AccessRequest) -> None:
    authorise = _authorise(allowances=CountedRateLimits(0), trail=OutOfOrder())

    with pytest.raises(Unavailable):
        await authorise(GENERATE, asked)


@pytest.mark.parametrize(
    "authorise",
    [
        pytest.param(_authorise(verifier=OutOfOrder()), id="verifier"),
        pytest.param(_authorise(granted=OutOfOrder()), id="grants"),
        pytest.param(_authorise(allowances=OutOfOrder()), id="allowances"),
    ],
)
async def test_infrastructure_that_is_down_is_no_answer(authorise: AuthoriseCaller) -> None:
    with pytest.raises(Unavailable):
        await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))


def test_a_repr_of_an_access_request_shows_nothing() -> None:
    assert repr(AccessRequest("secret", str(HOSPITAL))) == "AccessRequest(<hidden>)"
