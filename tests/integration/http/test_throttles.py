"""Callers above their allowance are throttled."""

from collections.abc import Mapping
from uuid import uuid4

import httpx
import pytest
from dependency_injector import providers

from adapters.http.bodies import AsgiApp
from adapters.serving.rate_limits import InProcessRateLimits
from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.builders import a_grant
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, asking_for, request_headers
from tests.integration.http.support.in_process import client_of, keep_in_memory, open_container
from tests.integration.http.support.issuer import CLIENT_ID, Issuer
from tests.integration.http.support.people import ADULT, CROWD, HOSPITAL, NOT_GRANTED
from tests.integration.http.support.portal import CLAIM, typed
from tests.integration.http.support.refused import Refused, refusal_in, refused

MINUTE = 60_000_000_000


def too_much(seconds: int) -> Refused:
    diagnostics = "You have asked for more in a short time than the service gives you. Wait, then try again."
    return refused(429, "throttled", diagnostics, Retry_After=str(seconds))


class Clock:
    """Nanoseconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttled(container_in_memory: Container, clock: Clock) -> Container:
    """Give a container of a service that takes two calls a minute, and three identifiers."""
    container_in_memory.security.rate_limits.override(providers.Object(InProcessRateLimits(2, clock)))
    container_in_memory.security.identifier_allowances.override(
        providers.Object(InProcessRateLimits(3, clock))
    )
    return container_in_memory


async def _call(
    app: AsgiApp,
    access_token: str,
    *identifiers: RequestedIdentifier,
    operation: str = OPERATION,
    organisation: object = HOSPITAL,
) -> httpx.Response:
    headers = request_headers(access_token, {"X-Org-Public-Id": str(organisation)})
    async with client_of(app) as client:
        return await client.post(operation, headers=headers, content=asking_for(*(identifiers or [ADULT])))


@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_a_caller_with_too_many_calls_learns_when_to_retry(
    throttled: Container, issuer: Issuer, operation: str
) -> None:
    app, access_token = throttled.http.app(), issuer.access_token()

    answers = [await _call(app, access_token, operation=operation) for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert refusal_in(answers[2]) == too_much(seconds=30)


@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_a_caller_with_too_many_identifiers_learns_when_to_retry(
    throttled: Container, issuer: Issuer, operation: str
) -> None:
    app, access_token = throttled.http.app(), issuer.access_token()

    answers = [await _call(app, access_token, *CROWD[:2], operation=operation) for _ in range(2)]

    assert answers[0].status_code == 200
    assert refusal_in(answers[1]) == too_much(seconds=20)


async def test_a_caller_that_waits_as_asked_is_served(
    throttled: Container, issuer: Issuer, clock: Clock
) -> None:
    app, access_token = throttled.http.app(), issuer.access_token()
    for _ in range(2):
        await _call(app, access_token)
    refusal = await _call(app, access_token)

    clock.now += int(refusal.headers["Retry-After"]) * MINUTE // 60

    assert (await _call(app, access_token)).status_code == 200


async def test_a_batch_above_the_allowance_of_a_minute_is_served_and_the_next_waits(
    throttled: Container, issuer: Issuer, clock: Clock
) -> None:
    app, access_token = throttled.http.app(), issuer.access_token()

    batch = await _call(app, access_token, *CROWD[:30])
    clock.now += MINUTE
    next_one = await _call(app, access_token)

    assert batch.status_code == 200
    # of 27 owed, three were paid off in that minute; the next one makes it 25
    assert refusal_in(next_one) == too_much(seconds=25 * 60 // 3)


async def test_a_call_is_counted_for_its_caller_and_organisation_alone(
    throttled: Container, issuer: Issuer
) -> None:
    grants = InMemoryGrants(
        a_grant(CLIENT_ID, HOSPITAL), a_grant(CLIENT_ID, NOT_GRANTED), a_grant("kiosk", HOSPITAL)
    )
    throttled.security.organisation_grants.override(providers.Object(grants))
    app, access_token = throttled.http.app(), issuer.access_token()
    for _ in range(2):
        await _call(app, access_token)

    same = await _call(app, access_token)
    other_organisation = await _call(app, access_token, organisation=NOT_GRANTED)
    other_caller = await _call(app, issuer.access_token(client_id="kiosk"))

    assert [each.status_code for each in (same, other_organisation, other_caller)] == [429, 200, 200]


async def test_nothing_is_issued_to_a_caller_that_is_throttled(throttled: Container, issuer: Issuer) -> None:
    store = InMemoryInvitationRepository()
    throttled.storage.invitation_repository.override(providers.Object(store))
    app, access_token = throttled.http.app(), issuer.access_token()

    for _ in range(5):
        await _call(app, access_token)

    assert len(store.invitations) == 2


@pytest.mark.parametrize(
    ("setting", "value", "statuses"),
    [
        pytest.param("INVITATIONS_MAX_REQUESTS_PER_MINUTE", "2", [200, 200, 429], id="requests"),
        pytest.param("INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE", "4", [200, 200, 429], id="identifiers"),
    ],
)
async def test_the_settings_set_the_limits(
    lost_environment: Mapping[str, str], issuer: Issuer, setting: str, value: str, statuses: list[int]
) -> None:
    async with open_container({**lost_environment, setting: value}) as container:
        await keep_in_memory(container)
        app, access_token = container.http.app(), issuer.access_token()

        answers = [await _call(app, access_token, *CROWD[:2]) for _ in range(3)]

    assert [answer.status_code for answer in answers] == statuses
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 30


async def test_without_a_setting_there_is_no_limit(container_in_memory: Container, issuer: Issuer) -> None:
    app, access_token = container_in_memory.http.app(), issuer.access_token()

    answers = [await _call(app, access_token, *CROWD[:20]) for _ in range(20)]

    assert {answer.status_code for answer in answers} == {200}


async def test_a_caller_that_is_refused_too_often_learns_when_to_retry(
    throttled: Container, issuer: Issuer
) -> None:
    app, access_token = throttled.http.app(), issuer.access_token()

    answers = [await _call(app, access_token, organisation=each) for each in ("hospital", uuid4(), uuid4())]
    served = await _call(app, access_token)

    assert [each.status_code for each in answers[:2]] == [400, 403]
    assert refusal_in(answers[2]) == too_much(seconds=30)
    assert served.status_code == 200


async def test_a_portal_above_its_allowance_is_throttled(throttled: Container, issuer: Issuer) -> None:
    headers = request_headers(issuer.portal_token(), {"X-Org-Public-Id": None})
    body = typed("0000000000", "0000000000")

    async with client_of(throttled.http.app()) as client:
        answers = [await client.post(CLAIM, headers=headers, content=body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert refusal_in(answers[2]) == too_much(seconds=30)
