"""Callers hang up after their request, which is carried out whole or not at all."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from random import Random

import anyio
import pytest

from tests.integration.faults.support.backends import Backends, locked, watching
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, load
from tests.integration.http.support.call import OPERATION, asking_for, request_headers
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD
from tests.integration.service import Service

CALLERS = 150
SIDE_BY_SIDE = 10
LONGEST_SECONDS = 0.1
"""How long a caller waits before it hangs up: not long enough for every answer."""


_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class ImpatientCallers:
    """Callers who send a request, whole, and hang up before the answer."""

    def __init__(self, service: Service, issuer: Issuer, *, by_reset: bool) -> None:
        body = asking_for(*CROWD[:BATCH])
        headers = (("Host", "service.test"), *request_headers(issuer.access_token()))
        lines = [f"{name}: {value}" for name, value in (*headers, ("Content-Length", f"{len(body)}"))]
        self._request = "\r\n".join([f"POST {OPERATION} HTTP/1.1", *lines, "", ""]).encode() + body
        self._port = service.port
        self._by_reset = by_reset

    async def call(self, hang_up: Callable[[], Awaitable[object]]) -> None:
        """Call, and hang up when `hang_up` has ended."""
        _reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(self._request)
            await hang_up()
            if self._by_reset:
                connection = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@pytest.fixture(params=[False, True], ids=["by_fin", "by_reset"])
def impatient(request: pytest.FixtureRequest, service: Service, issuer: Issuer) -> ImpatientCallers:
    return ImpatientCallers(service, issuer, by_reset=request.param)


@pytest.fixture
def records(postgresql_environment: Mapping[str, str]) -> InvitationRecords:
    return InvitationRecords(postgresql_environment)


@pytest.fixture
async def backends(postgresql_environment: Mapping[str, str]) -> AsyncIterator[Backends]:
    async with watching(postgresql_environment["INVITATIONS_DATABASE_URL"]) as backends:
        yield backends


def troubles(service: Service) -> list[dict[str, object]]:
    """List the bugs in the log of the service."""
    return [line for line in service.log_lines() if line["level"] != "INFO" or line.get("status") == 500]


async def test_a_write_whose_caller_hangs_up_is_stored_whole(
    impatient: ImpatientCallers,
    service: Service,
    records: InvitationRecords,
    backends: Backends,
    postgresql_environment: Mapping[str, str],
) -> None:
    before = await records.requests()

    hang_up = anyio.Event()

    async with (
        locked(postgresql_environment["INVITATIONS_DATABASE_URL"], "invitation"),
        anyio.create_task_group() as calling,
    ):
        for _ in range(SIDE_BY_SIDE):
            calling.start_soon(impatient.call, hang_up.wait)
        await backends.wait_for_locks(SIDE_BY_SIDE)
        hang_up.set()
    await backends.are_idle()

    requests = await records.requests()
    assert len(requests) - len(before) == SIDE_BY_SIDE
    assert set(requests.values()) == {BATCH}
    assert troubles(service) == []


async def test_callers_that_hang_up_at_any_moment_do_not_affect_others(
    impatient: ImpatientCallers,
    service: Service,
    issuer: Issuer,
    records: InvitationRecords,
    backends: Backends,
) -> None:
    before = await records.requests()
    random = Random(1)

    async def keep_calling() -> None:
        for _ in range(CALLERS // SIDE_BY_SIDE):
            await impatient.call(partial(anyio.sleep, random.uniform(0, LONGEST_SECONDS)))

    async with load(service, issuer, callers=4) as calls:
        async with anyio.create_task_group() as impatiently:
            for _ in range(SIDE_BY_SIDE):
                impatiently.start_soon(keep_calling)
        await calls.succeed(10)
    await backends.are_idle()

    requests = await records.requests()
    assert set(calls.statuses) <= {200, 503}
    assert len(calls.answers) <= len(requests) - len(before) <= len(calls.answers) + CALLERS
    assert set(requests.values()) == {BATCH}
    assert records.answered(calls.answers) - await records.entries() == set()
    assert troubles(service) == []
