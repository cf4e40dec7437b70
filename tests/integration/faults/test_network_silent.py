"""The network to PostgreSQL drops everything: callers are still asked to retry in time."""

import time
from collections.abc import Mapping

import anyio
import pytest
from msgspec import Struct

from adapters.serving.readiness import FRESH_SECONDS
from adapters.sql.postgresql import POOL_SIZE
from entrypoints.worker import STATEMENT_SECONDS
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Calls, load
from tests.integration.faults.support.probes import Probes, probing
from tests.integration.faults.support.proxy import Proxy
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import Service

CALLERS = 2 * POOL_SIZE
SILENT_SECONDS = STATEMENT_SECONDS + 2
LONGEST_SECONDS = 15
"""How long a caller may wait for an answer."""

RECOVERY_SECONDS = 5


class Aftermath(Struct, frozen=True):
    """The observations while the network was silent, and the times when that began and ended."""

    calls: Calls
    probes: Probes
    silent: float
    back: float


@pytest.fixture(scope="module")
async def aftermath(proxied_service: Service, proxy: Proxy, issuer: Issuer) -> Aftermath:
    async with (
        probing(proxied_service) as probes,
        load(proxied_service, issuer, callers=CALLERS) as calls,
    ):
        await calls.succeed(CALLERS)
        proxy.hold_back()
        silent = time.monotonic()
        await anyio.sleep(SILENT_SECONDS)
        back = time.monotonic()
        proxy.let_through()
        await probes.are_ready()
        await calls.succeed(CALLERS)
    return Aftermath(calls, probes, silent, back)


def test_callers_are_asked_to_retry_later(aftermath: Aftermath) -> None:
    refused = aftermath.calls.between(aftermath.silent, aftermath.back)

    assert len(refused) >= POOL_SIZE
    for call in refused:
        assert call.refusal == UNAVAILABLE


def test_every_call_is_answered_within_the_bounds_and_none_shows_a_bug(aftermath: Aftermath) -> None:
    assert set(aftermath.calls.statuses) == {200, 503}
    assert max(call.seconds for call in aftermath.calls.made) < LONGEST_SECONDS


def test_the_service_recovers_by_itself_within_seconds(aftermath: Aftermath) -> None:
    answers = [
        call.ended for call in aftermath.calls.made if call.status == 200 and call.started > aftermath.back
    ]
    assert min(answers) - aftermath.back < RECOVERY_SECONDS


def test_the_service_is_live_throughout_but_not_ready_meanwhile(aftermath: Aftermath) -> None:
    assert {probe.live for probe in aftermath.probes.made} == {200}
    # an answer stands for a second
    noticed = aftermath.silent + FRESH_SECONDS
    assert aftermath.probes.ready_between(noticed, aftermath.back) <= {503}


async def test_every_request_is_stored_whole_or_not_at_all_and_whole_if_it_was_answered(
    aftermath: Aftermath, postgresql_environment: Mapping[str, str]
) -> None:
    records = InvitationRecords(postgresql_environment)

    requests = await records.requests()

    assert set(requests.values()) == {BATCH}
    assert records.answered(aftermath.calls.answers) - await records.entries() == set()
