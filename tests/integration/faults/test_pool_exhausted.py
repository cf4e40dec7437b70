"""Every connection is in use: callers are asked to retry in time, and succeed later."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio
import pytest
from msgspec import Struct

from adapters.sql.postgresql import POOL_SECONDS, POOL_SIZE
from entrypoints.worker import STATEMENT_SECONDS
from tests.integration.faults.support.backends import locked, watching
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Call, callers_of
from tests.integration.faults.support.probes import Probes, probing
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import Service, running_service

CALLERS = 3 * POOL_SIZE
STATEMENTS = 3
"""How many a call takes: the grant, the patients, the invitations."""

LONGEST_SECONDS = STATEMENTS * POOL_SECONDS + STATEMENT_SECONDS + 5
"""Each statement waits for a connection; only the last one is held up; and some time for the work."""


class Aftermath(Struct, frozen=True):
    """The observations while writes were blocked, and right after."""

    refused: Sequence[Call]
    probes: Probes
    most_connections: int
    answered: Sequence[Call]


@pytest.fixture(scope="module")
async def aftermath(service: Service, issuer: Issuer, postgresql_environment: Mapping[str, str]) -> Aftermath:
    url = postgresql_environment["INVITATIONS_DATABASE_URL"]
    refused: list[Call] = []
    connections = []
    async with callers_of(service, issuer) as callers, watching(url) as backends:

        async def call_in_vain() -> None:
            refused.extend(await callers.call_at_once(CALLERS))

        async with (
            locked(url, "invitation"),
            probing(service) as probes,
            anyio.create_task_group() as calling,
        ):
            calling.start_soon(call_in_vain)
            while not refused:
                connections.append(await backends.count())
                await anyio.sleep(0.1)
        answered = await callers.call_at_once(CALLERS)
    return Aftermath(refused, probes, max(connections), answered)


def test_every_caller_is_asked_to_retry_in_time(aftermath: Aftermath) -> None:
    assert len(aftermath.refused) == CALLERS
    assert max(call.seconds for call in aftermath.refused) < LONGEST_SECONDS
    for call in aftermath.refused:
        assert call.refusal == UNAVAILABLE


def test_no_more_connections_are_made_than_the_pool_holds(aftermath: Aftermath) -> None:
    assert aftermath.most_connections == POOL_SIZE


def test_the_service_is_live_throughout(aftermath: Aftermath) -> None:
    assert {probe.live for probe in aftermath.probes.made} == {200}


def test_callers_are_answered_as_soon_as_connections_are_free(aftermath: Aftermath) -> None:
    assert {call.status for call in aftermath.answered} == {200}


async def test_every_request_is_stored_whole_or_not_at_all(
    aftermath: Aftermath, postgresql_environment: Mapping[str, str]
) -> None:
    requests = await InvitationRecords(postgresql_environment).requests()

    assert len(requests) >= len(aftermath.answered)
    assert set(requests.values()) == {BATCH}


async def test_requests_in_flight_are_limited_and_the_next_is_refused_at_once(
    issuer: Issuer, postgresql_environment: Mapping[str, str], tmp_path: Path
) -> None:
    url = postgresql_environment["INVITATIONS_DATABASE_URL"]
    settings = {**postgresql_environment, "INVITATIONS_MAX_CONCURRENT_REQUESTS": f"{POOL_SIZE}"}
    with running_service(settings, tmp_path / "log") as service:
        async with (
            callers_of(service, issuer) as callers,
            watching(url) as backends,
            anyio.create_task_group() as calling,
            locked(url, "invitation"),
        ):
            calling.start_soon(callers.call_at_once, POOL_SIZE)
            await backends.wait_for_locks(POOL_SIZE)

            refused = await callers.call()

    assert refused.status == 503
    assert refused.seconds < POOL_SECONDS
    assert callers.calls.statuses == {503: 1, 200: POOL_SIZE}
