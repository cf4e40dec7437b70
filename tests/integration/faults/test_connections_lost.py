"""Connections to PostgreSQL break: safe work is tried again, and nothing is stored in part."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

import anyio
import pytest

from adapters.sql.postgresql import POOL_SIZE
from tests.integration.faults.support.backends import locked, watching
from tests.integration.faults.support.faults import cancel, crash, reset, terminate
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Callers, Calls, callers_of, load
from tests.integration.faults.support.proxy import Proxy
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service

Fault: TypeAlias = Callable[[], Awaitable[None]]

LONGEST_SECONDS = 10
CUTS = 40
LAST_CUTS = [*range(0, 80, 4)]
"""The bytes before the end of a call, where the caller cannot know whether the invitations are stored."""

MOST_ROUNDS = 5


@pytest.fixture
def url(postgresql_environment: Mapping[str, str]) -> str:
    return postgresql_environment["INVITATIONS_DATABASE_URL"]


@pytest.fixture
def records(postgresql_environment: Mapping[str, str]) -> InvitationRecords:
    return InvitationRecords(postgresql_environment)


@pytest.fixture
def fault(request: pytest.FixtureRequest, proxy: Proxy, url: str) -> Fault:
    """Make a function that breaks all connections of the service in the way of the parameter."""
    return partial(request.param, proxy, url)


@pytest.fixture
async def callers(proxied_service: Service, issuer: Issuer) -> AsyncIterator[Callers]:
    async with callers_of(proxied_service, issuer) as callers:
        yield callers


async def assert_all_that_is_stored_is_whole_and_includes(calls: Calls, records: InvitationRecords) -> None:
    assert set((await records.requests()).values()) == {BATCH}
    assert records.answered(calls.answers) - await records.entries() == set()


@pytest.mark.parametrize("fault", [reset, terminate, crash], indirect=True)
async def test_callers_do_not_notice_a_connection_that_breaks_between_requests(
    fault: Fault, callers: Callers
) -> None:
    for _ in range(3):
        await callers.call_at_once(POOL_SIZE)
        await fault()

    await callers.call_at_once(POOL_SIZE)

    assert callers.calls.statuses == {200: 4 * POOL_SIZE}


@pytest.mark.parametrize("fault", [reset, terminate, crash, cancel], indirect=True)
async def test_a_connection_that_breaks_under_load_causes_retries_at_most(
    fault: Fault, proxied_service: Service, issuer: Issuer, records: InvitationRecords
) -> None:
    async with load(proxied_service, issuer) as calls:
        for _ in range(5):
            await calls.succeed(10)
            await fault()
        await calls.succeed(10)

    assert set(calls.statuses) <= {200, 503}
    assert max(call.seconds for call in calls.made) < LONGEST_SECONDS
    await assert_all_that_is_stored_is_whole_and_includes(calls, records)


@pytest.mark.parametrize("fault", [reset, terminate], indirect=True)
async def test_an_interrupted_read_is_tried_again(fault: Fault, url: str, callers: Callers) -> None:
    async with (
        watching(url) as backends,
        anyio.create_task_group() as calling,
        locked(url, "patient"),
    ):
        calling.start_soon(callers.call)
        await backends.wait_for_locks(1)
        await fault()

    assert callers.calls.statuses == {200: 1}


@pytest.mark.parametrize("fault", [reset, terminate, cancel], indirect=True)
async def test_an_interrupted_write_is_not_tried_again(
    fault: Fault, url: str, callers: Callers, records: InvitationRecords
) -> None:
    before = await records.requests()

    async with watching(url) as backends:
        async with anyio.create_task_group() as calling, locked(url, "invitation"):
            calling.start_soon(callers.call)
            await backends.wait_for_locks(1)
            await fault()
        await backends.are_idle()

    assert callers.calls.statuses == {503: 1}
    assert len(await records.requests()) - len(before) <= 1
    await assert_all_that_is_stored_is_whole_and_includes(callers.calls, records)


async def test_a_call_cut_off_at_any_byte_is_stored_whole_or_not_at_all(
    proxy: Proxy, callers: Callers, records: InvitationRecords
) -> None:
    before = await records.requests()
    in_all = await bytes_of_a_call(proxy, callers)

    for count in range(0, in_all, in_all // CUTS):
        await call_cut_after(count, proxy, callers)
    # calls differ by some bytes: cut until one cut comes after the commit and before the answer
    for last in LAST_CUTS * MOST_ROUNDS:
        await call_cut_after(in_all - last, proxy, callers)
        if len(await records.requests()) - len(before) > len(callers.calls.answers):
            break
    proxy.reset()
    await callers.call()

    assert set(callers.calls.statuses) == {200, 503}
    assert callers.calls.made[-1].status == 200
    assert len(await records.requests()) - len(before) > len(callers.calls.answers)
    await assert_all_that_is_stored_is_whole_and_includes(callers.calls, records)


async def call_cut_after(count: int, proxy: Proxy, callers: Callers) -> None:
    """Make a call whose connection to the database breaks after so many bytes."""
    proxy.reset()
    proxy.cut_after(count)
    await callers.call()


async def bytes_of_a_call(proxy: Proxy, callers: Callers) -> int:
    """Measure a call that needs a new connection, as all do after the first few."""
    for _ in range(4):
        proxy.reset()
        passed = proxy.passed
        await callers.call()
    return proxy.passed - passed
