"""A refusal or a status that cannot be recorded is not given."""

import httpx
import pytest
from dependency_injector import providers
from returns.result import Success

from adapters.http.app import HttpLimits
from adapters.serving.in_flight_limit import InFlightLimit
from domain.access import Caller as Client
from domain.identifiers import RequestedIdentifier
from entrypoints.container import Container
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.unavailable import OutOfOrder
from tests.integration.http.support.call import (
    OPERATION,
    STATUS_OPERATION,
    Changes,
    asking_for,
    request_headers,
)
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import CLIENT_ID, SCOPE, STATUS_SCOPE
from tests.integration.http.support.people import ADULT, UNKNOWN
from tests.integration.http.support.refused import NO_TOKEN, UNAVAILABLE, refusal_in

ELSEWHERE_SYSTEM = RequestedIdentifier("https://hospital.test/record-number", "4711")
LIMITS = HttpLimits(body_bytes=1_000, body_seconds=0.1, in_flight=InFlightLimit(4))


@pytest.fixture
def off_the_record(container_in_memory: Container) -> Container:
    """Give a container in which nothing can be put on record; two access tokens are good."""
    client = Client(CLIENT_ID, frozenset({SCOPE, STATUS_SCOPE}))
    known = KnownAccessTokens({"good": Success(client), "unscoped": Success(Client(CLIENT_ID))})
    container_in_memory.security.access_token_verifier.override(providers.Object(known))
    container_in_memory.storage.audit_repository.override(providers.Object(OutOfOrder()))
    return container_in_memory


async def _call(
    container: Container, operation: str, changes: Changes, body: bytes = asking_for(ADULT)
) -> httpx.Response:
    headers = request_headers("good", changes)
    async with client_of(container.http.untraced_app(limits=LIMITS)) as client:
        return await client.post(operation, headers=headers, content=body)


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param({"Authorization": "Bearer unscoped"}, asking_for(ADULT), id="scope"),
        pytest.param({"X-Org-Public-Id": None}, asking_for(ADULT), id="no_organisation"),
        pytest.param({"X-Org-Public-Id": "hospital"}, asking_for(ADULT), id="malformed_organisation"),
        pytest.param({"X-Org-Public-Id": str(UNKNOWN)}, asking_for(ADULT), id="organisation"),
        pytest.param({"Content-Type": "text/plain"}, asking_for(ADULT), id="media_type"),
        pytest.param({}, b"[", id="body"),
        pytest.param({}, b" " * (LIMITS.body_bytes + 1), id="too_large"),
        pytest.param({}, asking_for(ELSEWHERE_SYSTEM), id="identifiers"),
    ],
)
@pytest.mark.parametrize("operation", [OPERATION, STATUS_OPERATION])
async def test_a_refusal_that_cannot_be_recorded_is_not_given(
    off_the_record: Container, operation: str, changes: Changes, body: bytes
) -> None:
    response = await _call(off_the_record, operation, changes, body)

    assert refusal_in(response) == UNAVAILABLE


@pytest.mark.parametrize("provider", ["rate_limits", "identifier_allowances"])
async def test_a_throttled_call_that_cannot_be_recorded_is_an_outage(
    off_the_record: Container, provider: str
) -> None:
    getattr(off_the_record.security, provider).override(providers.Object(CountedRateLimits(0)))

    response = await _call(off_the_record, STATUS_OPERATION, {})

    assert refusal_in(response) == UNAVAILABLE


async def test_a_status_query_that_cannot_be_recorded_is_not_answered(off_the_record: Container) -> None:
    response = await _call(off_the_record, STATUS_OPERATION, {})

    assert refusal_in(response) == UNAVAILABLE


async def test_an_unauthenticated_caller_is_refused_during_an_outage_too(off_the_record: Container) -> None:
    response = await _call(off_the_record, STATUS_OPERATION, {"Authorization": None})

    assert refusal_in(response) == NO_TOKEN
