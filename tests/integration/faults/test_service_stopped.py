"""The service stops under load: it accepts nothing new, and finishes the requests in progress."""

import signal
from collections.abc import Mapping
from pathlib import Path

import anyio

from tests.integration.faults.support.backends import locked, watching
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, callers_of, load
from tests.integration.faults.support.waiting import until_refusing_connections
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import STOP_SECONDS, Service, running_service

WORKERS = 2
CALLERS = 6


async def end_of(service: Service) -> int:
    return await anyio.to_thread.run_sync(service.process.wait, STOP_SECONDS)


async def test_everything_that_was_begun_is_answered(
    postgresql_environment: Mapping[str, str], issuer: Issuer, tmp_path: Path
) -> None:
    records = InvitationRecords(postgresql_environment)
    before = await records.entries()

    with running_service(postgresql_environment, tmp_path / "log", workers=WORKERS) as service:
        async with load(service, issuer) as calls:
            await calls.succeed(50)
            service.process.send_signal(signal.SIGTERM)
            exit_code = await end_of(service)

    answered = records.answered(calls.answers)
    assert exit_code == 0
    assert set(calls.statuses) <= {200, None}
    assert len(answered) == BATCH * len(calls.answers)
    assert await records.entries() - before == answered
    assert set((await records.requests()).values()) == {BATCH}


async def test_waiting_requests_are_answered_and_new_ones_are_refused(
    postgresql_environment: Mapping[str, str], issuer: Issuer, tmp_path: Path
) -> None:
    url = postgresql_environment["INVITATIONS_DATABASE_URL"]

    with running_service(postgresql_environment, tmp_path / "log", workers=WORKERS) as service:
        async with (
            watching(url) as backends,
            callers_of(service, issuer) as callers,
            anyio.create_task_group() as calling,
            locked(url, "invitation"),
        ):
            calling.start_soon(callers.call_at_once, CALLERS)
            await backends.wait_for_locks(CALLERS)
            service.process.send_signal(signal.SIGTERM)
            await until_refusing_connections(service.port)
        exit_code = await end_of(service)

    # on a busy machine, the lock may outlast the statement timeout: 503 is an answer too
    assert len(callers.calls.made) == CALLERS
    assert set(callers.calls.statuses) <= {200, 503}
    assert exit_code == 0
    assert not service.had_to_be_killed()
