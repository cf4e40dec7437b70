"""The disk is full under an SQLite file: callers are asked to retry, and reads work."""

import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest
from msgspec import Struct

from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Calls, load
from tests.integration.faults.support.sqlite_file import file_of, problems_in
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.processes import workers_of
from tests.integration.http.support.refused import UNAVAILABLE
from tests.integration.service import Service, running_service

MORE_BYTES = 200_000
"""Space for a few more requests in any of SQLite's files."""

REFUSED = 30


class Aftermath(Struct, frozen=True):
    """The observations before, during and after the full disk."""

    calls: Calls
    ready: httpx.Response


@contextmanager
def no_file_larger_than(size: int, service: Service) -> Iterator[None]:
    """Limit the size of a service's files. Python ignores the signal that the limit sends."""
    workers = workers_of(service.process.pid)
    limits = {worker: resource.prlimit(worker, resource.RLIMIT_FSIZE) for worker in workers}
    for worker, (_soft, hard) in limits.items():
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        for worker, limit in limits.items():
            resource.prlimit(worker, resource.RLIMIT_FSIZE, limit)


def largest_file(environment: Mapping[str, str]) -> int:
    file = file_of(environment)
    return max(each.stat().st_size for each in file.parent.glob(f"{file.name}*"))


@pytest.fixture(scope="module")
async def aftermath(
    sqlite_environment: Mapping[str, str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Aftermath:
    log = tmp_path_factory.mktemp("full") / "log"
    with running_service(sqlite_environment, log) as service:
        async with (
            httpx.AsyncClient(base_url=service.url, timeout=60) as client,
            load(service, issuer) as calls,
        ):
            await calls.succeed(10)
            with no_file_larger_than(largest_file(sqlite_environment) + MORE_BYTES, service):
                await calls.fail(REFUSED)
                ready = await client.get("/health/ready")
            await calls.succeed(10)
    return Aftermath(calls, ready)


def test_callers_are_asked_to_retry_later(aftermath: Aftermath) -> None:
    refused = [call for call in aftermath.calls.made if call.status != 200]

    assert len(refused) >= REFUSED
    for call in refused:
        assert call.refusal == UNAVAILABLE


def test_the_service_stays_ready(aftermath: Aftermath) -> None:
    assert aftermath.ready.status_code == 200


async def test_every_request_is_stored_whole_or_not_at_all(
    aftermath: Aftermath, sqlite_environment: Mapping[str, str]
) -> None:
    requests = await InvitationRecords(sqlite_environment).requests()

    assert set(requests.values()) == {BATCH}


async def test_everything_that_was_answered_is_stored_and_nothing_else(
    aftermath: Aftermath, sqlite_environment: Mapping[str, str]
) -> None:
    records = InvitationRecords(sqlite_environment)

    assert records.answered(aftermath.calls.answers) == await records.entries()


def test_the_file_is_intact(aftermath: Aftermath, sqlite_environment: Mapping[str, str]) -> None:
    assert problems_in(file_of(sqlite_environment)) == []
