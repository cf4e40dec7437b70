"""The service starts before its database: it waits, and is not ready."""

import time
from collections.abc import Mapping
from contextlib import ExitStack

import httpx
import pytest
from msgspec import Struct

from tests.integration.embedded_postgresql import EmbeddedPostgresql
from tests.integration.faults.support.load import Call, callers_of
from tests.integration.faults.support.outage import away
from tests.integration.faults.support.probes import probing
from tests.integration.http.support.call import answered
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import running_service

RECOVERY_SECONDS = 5
LONGEST_SECONDS = 5
"""How long a caller may wait for an answer."""


class Start(Struct, frozen=True):
    """The observations of a service whose database starts later."""

    live: httpx.Response
    ready: httpx.Response
    early: Call
    seconds_to_ready: float
    late: Call


@pytest.fixture(scope="module")
async def start(
    postgresql: EmbeddedPostgresql,
    postgresql_environment: Mapping[str, str],
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Start:
    log = tmp_path_factory.mktemp("early") / "log"
    with ExitStack() as stack:
        async with away(postgresql):
            service = stack.enter_context(running_service(postgresql_environment, log))
            async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:
                live, ready = await client.get("/health/live"), await client.get("/health/ready")
            async with callers_of(service, issuer) as callers:
                early = await callers.call()
        back = time.monotonic()
        async with probing(service) as probes:
            await probes.are_ready()
        seconds_to_ready = time.monotonic() - back
        async with callers_of(service, issuer) as callers:
            late = await callers.call()
    return Start(live, ready, early, seconds_to_ready, late)


def test_is_live(start: Start) -> None:
    assert (start.live.status_code, start.live.json()) == (200, {"status": "live"})


def test_is_not_ready_and_says_why(start: Start) -> None:
    problems = {
        "status": "not ready",
        "problems": ["the database cannot be reached: its host refuses the connection"],
    }
    assert (start.ready.status_code, start.ready.json()) == (503, problems)


def test_asks_callers_to_retry(start: Start) -> None:
    assert start.early.refusal == UNAVAILABLE
    assert start.early.seconds < LONGEST_SECONDS


def test_becomes_ready_and_answers_once_the_database_is_there(start: Start) -> None:
    assert start.seconds_to_ready < RECOVERY_SECONDS
    assert start.late.response is not None
    assert len(answered(start.late.response)) > 0
