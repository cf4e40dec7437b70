"""The service is killed under load, again and again: each request is stored whole or not at all."""

import os
import signal
from collections.abc import Mapping
from random import Random

import anyio
import pytest
from msgspec import Struct

from tests.integration.faults.support.backends import watching
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, load
from tests.integration.faults.support.sqlite_file import file_of, problems_in
from tests.integration.faults.support.waiting import until_refusing_connections
from tests.integration.http.support.call import Answered
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.processes import workers_of
from tests.integration.service import Service, running_service

KILLS = 3
WORKERS = 2
LONGEST_WAIT = 0.3
"""Seconds from the answers that show that the service is busy to its end."""


class Aftermath(Struct, frozen=True):
    """The content of the database after a service was killed and started several times."""

    environment: Mapping[str, str]
    answers: list[list[Answered]]


@pytest.fixture(scope="module", params=["sqlite_environment", "postgresql_environment"])
def environment(request: pytest.FixtureRequest) -> Mapping[str, str]:
    chosen: Mapping[str, str] = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture(scope="module")
async def aftermath(
    environment: Mapping[str, str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Aftermath:
    random = Random(0)
    answers = []
    for _ in range(KILLS):
        log = tmp_path_factory.mktemp("killed") / "log"
        with running_service(environment, log, workers=WORKERS) as service:
            async with load(service, issuer) as calls:
                await calls.succeed(15)
                await anyio.sleep(random.uniform(0, LONGEST_WAIT))
                kill(service)
                await until_refusing_connections(service.port)
        answers += calls.answers
    url = environment["INVITATIONS_DATABASE_URL"]
    if url.startswith("postgresql"):
        async with watching(url) as backends:
            await backends.are_gone()
    return Aftermath(environment, answers)


def kill(service: Service) -> None:
    """End all its processes at once, as a power cut does."""
    for process in (service.process.pid, *workers_of(service.process.pid)):
        os.kill(process, signal.SIGKILL)


async def test_every_request_is_stored_whole_or_not_at_all(aftermath: Aftermath) -> None:
    requests = await InvitationRecords(aftermath.environment).requests()

    assert len(requests) >= len(aftermath.answers) >= KILLS * 15
    assert set(requests.values()) == {BATCH}


async def test_everything_that_was_answered_is_stored(aftermath: Aftermath) -> None:
    records = InvitationRecords(aftermath.environment)

    answered = records.answered(aftermath.answers)

    assert len(answered) == BATCH * len(aftermath.answers)
    assert answered - await records.entries() == set()


@pytest.mark.parametrize("environment", ["sqlite_environment"], indirect=True)
def test_a_file_is_intact(aftermath: Aftermath) -> None:
    assert problems_in(file_of(aftermath.environment)) == []
