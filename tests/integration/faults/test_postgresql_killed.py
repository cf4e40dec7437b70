"""PostgreSQL is killed under load and comes back: callers are asked to retry, and nothing is lost."""

import time
from collections.abc import Mapping

import anyio
import pytest
from msgspec import Struct

from adapters.serving.readiness import FRESH_SECONDS
from tests.integration.embedded_postgresql import EmbeddedPostgresql
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Calls, load
from tests.integration.faults.support.outage import away
from tests.integration.faults.support.probes import Probes, probing
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import Service

OUTAGES = 2
AWAY_SECONDS = 3
RECOVERY_SECONDS = 5
LONGEST_SECONDS = 5
"""How long a caller may wait for an answer."""


class Outage(Struct, frozen=True):
    """The times when the server was down, started again, and accepted connections."""

    gone: float
    started: float
    back: float


class Aftermath(Struct, frozen=True):
    """The observations while PostgreSQL was killed and started several times."""

    service: Service
    calls: Calls
    probes: Probes
    outages: list[Outage]


@pytest.fixture(scope="module")
async def aftermath(service: Service, issuer: Issuer, postgresql: EmbeddedPostgresql) -> Aftermath:
    outages = []
    async with probing(service) as probes, load(service, issuer) as calls:
        for _ in range(OUTAGES):
            await calls.succeed(30)
            async with away(postgresql):
                gone = time.monotonic()
                await anyio.sleep(AWAY_SECONDS)
                started = time.monotonic()
            outages.append(Outage(gone, started, time.monotonic()))
            await probes.are_ready()
        await calls.succeed(30)
    return Aftermath(service, calls, probes, outages)


def test_callers_are_asked_to_retry_later(aftermath: Aftermath) -> None:
    for outage in aftermath.outages:
        refused = aftermath.calls.between(outage.gone, outage.started)

        assert len(refused) > 0
        for call in refused:
            assert call.refusal == UNAVAILABLE


def test_every_call_is_answered_and_none_shows_a_bug(aftermath: Aftermath) -> None:
    assert set(aftermath.calls.statuses) == {200, 503}


def test_every_caller_is_answered_in_time(aftermath: Aftermath) -> None:
    assert max(call.seconds for call in aftermath.calls.made) < LONGEST_SECONDS


def test_the_service_recovers_by_itself_within_seconds(aftermath: Aftermath) -> None:
    for outage in aftermath.outages:
        answers = [
            call.ended for call in aftermath.calls.made if call.status == 200 and call.started > outage.back
        ]
        assert min(answers) - outage.back < RECOVERY_SECONDS


def test_the_service_is_not_ready_meanwhile_and_ready_again_after(aftermath: Aftermath) -> None:
    for outage in aftermath.outages:
        soon = outage.back + RECOVERY_SECONDS
        # what a probe was told just before stands for a moment
        noticed = outage.gone + FRESH_SECONDS
        assert aftermath.probes.ready_between(noticed, outage.started) == {503}
        assert 200 in aftermath.probes.ready_between(outage.back, soon)


def test_the_service_is_live_throughout(aftermath: Aftermath) -> None:
    assert {probe.live for probe in aftermath.probes.made} == {200}


async def test_every_request_is_stored_whole_or_not_at_all(
    aftermath: Aftermath, postgresql_environment: Mapping[str, str]
) -> None:
    requests = await InvitationRecords(postgresql_environment).requests()

    assert set(requests.values()) == {BATCH}


async def test_everything_that_was_answered_is_stored(
    aftermath: Aftermath, postgresql_environment: Mapping[str, str]
) -> None:
    records = InvitationRecords(postgresql_environment)

    answered = records.answered(aftermath.calls.answers)

    assert answered - await records.entries() == set()
