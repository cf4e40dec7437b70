from asyncio import CancelledError

import pytest
from returns.result import Failure, Success

from application.authorisation import CallsThrottled, RefusalsThrottled
from application.authorise_caller import AccessRequest
from application.ports.system import Unavailable
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.organisations import OrganisationId
from tests.builders import CLIENT, GENERATE, HOSPITAL, NOW, OTHER_HOSPITAL, STATUS_QUERY, a_grant
from tests.fakes.audit_repository import InMemoryAuditRepository, InterruptedAuditRepository
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.unavailable import OutOfOrder
from tests.unit.application.call_record import FIRST_REQUEST
from tests.unit.application.caller_access import CALLER, READER, SCOPE, an_authorised, authorise_caller


async def test_a_caller_that_calls_too_often_is_refused() -> None:
    authorise = authorise_caller(allowances=CountedRateLimits(2))

    answers = [await authorise(GENERATE, AccessRequest("good", str(HOSPITAL))) for _ in range(3)]

    authorised = an_authorised(CALLER, GENERATE)
    assert answers == [
        Success(authorised),
        Success(authorised),
        Failure(CallsThrottled(authorised, CountedRateLimits.throttled)),
    ]


async def test_calls_on_behalf_of_another_organisation_are_counted_apart() -> None:
    authorise = authorise_caller(
        a_grant(CLIENT, HOSPITAL), a_grant(CLIENT, OTHER_HOSPITAL), allowances=CountedRateLimits(1)
    )

    answers = [
        await authorise(GENERATE, AccessRequest("good", str(each))) for each in (HOSPITAL, OTHER_HOSPITAL)
    ]

    assert [isinstance(each, Success) for each in answers] == [True, True]


async def test_the_operations_draw_on_one_allowance() -> None:
    authorise = authorise_caller(allowances=CountedRateLimits(1))

    await authorise(GENERATE, AccessRequest("good", str(HOSPITAL)))
    second = await authorise(STATUS_QUERY, AccessRequest("reader", str(HOSPITAL)))

    authorised = an_authorised(READER, STATUS_QUERY)
    assert second == Failure(CallsThrottled(authorised, CountedRateLimits.throttled))


REFUSED = [
    pytest.param(AccessRequest("reader", str(HOSPITAL)), id="scope"),
    pytest.param(AccessRequest("good", None), id="no-organisation"),
    pytest.param(AccessRequest("good", "hospital"), id="malformed"),
    pytest.param(AccessRequest("good", str(OTHER_HOSPITAL)), id="forbidden"),
]


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_caller_that_is_refused_too_often_is_throttled(refused: AccessRequest) -> None:
    authorise = authorise_caller(allowances=CountedRateLimits(2))

    answers = [await authorise(GENERATE, refused) for _ in range(3)]

    assert [isinstance(each.failure(), RefusalsThrottled) for each in answers] == [False, False, True]


async def test_refusals_for_whatever_organisation_draw_on_one_allowance() -> None:
    authorise = authorise_caller(allowances=CountedRateLimits(1))

    await authorise(GENERATE, AccessRequest("good", "hospital"))
    second = await authorise(GENERATE, AccessRequest("good", str(OTHER_HOSPITAL)))

    assert second == Failure(RefusalsThrottled(CALLER, CountedRateLimits.throttled))


@pytest.mark.parametrize("refused", REFUSED)
async def test_a_refused_call_takes_nothing_from_an_organisation(refused: AccessRequest) -> None:
    authorise = authorise_caller(allowances=CountedRateLimits(1))

    for _ in range(2):
        await authorise(GENERATE, refused)

    assert isinstance(await authorise(GENERATE, AccessRequest("good", str(HOSPITAL))), Success)


@pytest.mark.parametrize(
    "asked", [*REFUSED, pytest.param(AccessRequest("good", str(HOSPITAL)), id="authorised")]
)
async def test_throttling_is_on_record_once_a_minute(asked: AccessRequest) -> None:
    trail = InMemoryAuditRepository()
    authorise = authorise_caller(allowances=CountedRateLimits(0), trail=trail)

    for _ in range(3):
        await authorise(GENERATE, asked)

    assert [each.outcome for each in trail.events] == [Outcome.THROTTLED]


@pytest.mark.parametrize("interruption", [Unavailable("away"), CancelledError()], ids=["outage", "hung-up"])
@pytest.mark.parametrize(
    "asked", [*REFUSED, pytest.param(AccessRequest("good", str(HOSPITAL)), id="authorised")]
)
async def test_throttling_that_could_not_be_recorded_is_recorded_by_the_next_call(
    asked: AccessRequest, interruption: BaseException
) -> None:
    trail = InterruptedAuditRepository(interruption)
    authorise = authorise_caller(allowances=CountedRateLimits(0), trail=trail)
    with pytest.raises(type(interruption)):
        await authorise(GENERATE, asked)

    for _ in range(2):
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

    await authorise_caller(allowances=allowances, trail=trail, scopes=scopes)(operation, asked)

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

    await authorise_caller(trail=trail)(GENERATE, AccessRequest(token, str(HOSPITAL)))

    assert trail.events == []


async def test_an_authorised_caller_is_not_recorded_yet() -> None:
    trail = InMemoryAuditRepository()

    await authorise_caller(trail=trail)(GENERATE, AccessRequest("good", str(HOSPITAL)))

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
    authorise = authorise_caller(allowances=CountedRateLimits(0), trail=OutOfOrder())

    with pytest.raises(Unavailable):
        await authorise(GENERATE, asked)
