"""The schema is upgraded and the release replaced under load: no call is lost, and none is refused.

A load balancer is thought of before the two services: it asks their probes, and offers what an old one does
not let in to the new one.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import anyio
import httpx
import pytest

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.commands.shell import Outcome, invitations
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, load
from tests.integration.faults.support.newer_release import NEXT, newer_release
from tests.integration.faults.support.probes import probing
from tests.integration.faults.support.waiting import until
from tests.integration.http.support.in_process import client_of, open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import bring_in
from tests.integration.service import STOP_SECONDS, Service, running_service
from tests.integration.sql.revisions import NEWEST

CALLERS = 4
LEAST = 10
"""The calls that must succeed before the change, and after it."""


@pytest.fixture
def new_postgresql(new_environment: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    return new_environment()


@pytest.fixture
def new_sqlite(settings: Mapping[str, str], tmp_path: Path) -> Mapping[str, str]:
    environment = {**settings, "INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/file.db"}
    asyncio.run(bring_in(Container(settings=read_settings(environment, to_serve=True).unwrap())))
    return environment


@pytest.fixture(params=["new_postgresql", "new_sqlite"])
def environment(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """Give the settings of a service on a database of this release that no other test uses."""
    found: Mapping[str, str] = request.getfixturevalue(request.param)
    return found


async def upgrade(directory: Path, settings: Mapping[str, str]) -> Outcome:
    """Run `invitations db upgrade` in a thread."""
    return await anyio.to_thread.run_sync(partial(invitations, directory, "db", "upgrade", settings=settings))


async def readiness(service: Service) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as client:
        return await client.get(f"{service.url}/health/ready")


async def end_of(service: Service) -> int:
    service.process.send_signal(signal.SIGTERM)
    return await anyio.to_thread.run_sync(service.process.wait, STOP_SECONDS)


async def test_an_old_release_works_until_a_new_one_replaces_it(
    environment: Mapping[str, str], issuer: Issuer, tmp_path: Path
) -> None:
    records = InvitationRecords(environment)
    newer = {**environment, **newer_release(tmp_path, oldest_served=NEWEST)}

    with (
        running_service(environment, tmp_path / "old") as old,
        running_service(newer, tmp_path / "new") as new,
    ):
        async with load(old, issuer, callers=CALLERS, unhurried=True) as calls:
            async with probing(old) as probes:
                await calls.succeed(LEAST)
                too_early = await readiness(new)
                upgraded = await upgrade(tmp_path, newer)
                await calls.succeed(LEAST)
            async with load(new, issuer, callers=CALLERS, unhurried=True) as later_calls:
                await later_calls.succeed(LEAST)
                stopped = time.monotonic()
                exit_code = await end_of(old)
                await later_calls.succeed(LEAST)
        in_time = await readiness(new)

    answered = records.answered(calls.answers) | records.answered(later_calls.answers)
    assert upgraded == Outcome(0, f"The database is at revision {NEXT}.\n", "")
    assert (too_early.status_code, in_time.status_code, exit_code) == (503, 200, 0)
    assert {(probe.live, probe.ready) for probe in probes.made} == {(200, 200)}
    assert {call.status for call in calls.between(0, stopped)} == {200}
    assert (set(calls.statuses) | set(later_calls.statuses)) <= {200, None}
    assert None not in later_calls.statuses
    assert await records.entries() == answered
    assert set((await records.requests()).values()) == {BATCH}


async def _is_not_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).status_code != httpx.codes.OK


async def test_an_old_release_that_the_schema_does_not_serve_is_not_ready(
    new_sqlite: Mapping[str, str], tmp_path: Path
) -> None:
    newer = {**new_sqlite, **newer_release(tmp_path, oldest_served=NEXT)}

    async with open_container(new_sqlite) as container, client_of(container.http.app()) as client:
        before = await client.get("/health/ready")
        upgraded = await upgrade(tmp_path, newer)
        await until(partial(_is_not_ready, client))
        after = await client.get("/health/ready")

    assert (before.status_code, upgraded.code, after.status_code) == (200, 0, 503)
    [problem] = after.json()["problems"]
    assert problem == (
        f"the database is at revision {NEXT}, which serves releases from revision {NEXT} on, "
        f"and this release is of {NEWEST}: run a newer release"
    )
