"""Imports that are killed, or run at the same time, store whole chunks, and finish in the end."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import pytest
from sqlalchemy import make_url

from application.administration.patients import CHUNK_ROWS
from tests.integration.faults.support.backends import locked, watching
from tests.integration.faults.support.import_command import Ended, Import, importing, known_among, write_csv
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, load
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD
from tests.integration.service import running_service
from tests.integration.sql.rows import row_counts

CROWD_FIRST, FIRST = 20_000, 30_001
"""The numbers of the known patients, and of the new ones."""


@pytest.fixture
def environment(new_environment: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Give the settings of a database that no other test uses."""
    return new_environment()


@pytest.fixture
def url(environment: Mapping[str, str]) -> str:
    return environment["INVITATIONS_DATABASE_URL"]


def all_imported(rows: int) -> Ended:
    return Ended(0, f"Imported {rows:,} of {rows:,} rows.\n")


async def kill_in_second_chunk(running: Import, url: str) -> None:
    """Kill an import that has stored a chunk and half of the next."""
    table, mode = "patient_identifier", "SHARE"
    async with watching(url) as backends, AsyncExitStack() as second_lock:
        async with anyio.create_task_group() as waiting, locked(url, table, mode):
            await backends.wait_for_locks(1)
            # it waits in the queue after the first chunk and before the second
            waiting.start_soon(second_lock.enter_async_context, locked(url, table, mode))
            await backends.wait_for_locks(2)
        await backends.wait_for_locks(1)
        running.kill()
        await running.end()
    async with watching(url) as backends:
        await backends.are_gone()


async def test_an_import_that_is_killed_leaves_whole_chunks_and_can_be_run_again(
    environment: Mapping[str, str], url: str, tmp_path: Path
) -> None:
    numbers = range(FIRST, FIRST + 3 * CHUNK_ROWS)
    file = write_csv(tmp_path / "patients.csv", numbers)

    with importing(file, environment) as killed:
        await kill_in_second_chunk(killed, url)
    left = await known_among(environment, numbers)
    with importing(file, environment) as again:
        ended = await again.end()

    assert left == [*numbers[:CHUNK_ROWS]]
    assert ended == all_imported(len(numbers))
    assert await known_among(environment, numbers) == [*numbers]


async def test_two_imports_of_overlapping_files_both_finish_and_agree(
    environment: Mapping[str, str], url: str, tmp_path: Path
) -> None:
    numbers = range(FIRST, FIRST + 4 * CHUNK_ROWS)
    # both reach the same chunk at about the same time, from opposite ends
    forwards, backwards = numbers[CHUNK_ROWS:], numbers[::-1]
    before = await row_counts(url)

    with (
        importing(write_csv(tmp_path / "forwards.csv", forwards), environment) as one,
        importing(write_csv(tmp_path / "backwards.csv", backwards), environment) as other,
    ):
        ended = [await one.end(), await other.end()]

    assert ended == [all_imported(len(forwards)), all_imported(len(backwards))]
    assert await known_among(environment, numbers) == [*numbers]
    after = await row_counts(url)
    tables = ("patient", "patient_identifier", "care_relationship")
    assert {table: after[table] - before[table] for table in tables} == dict.fromkeys(tables, len(numbers))


@pytest.mark.parametrize(("isolation", "statuses"), [("read committed", {200}), ("serializable", {200, 503})])
async def test_patients_are_imported_while_they_are_invited(
    environment: Mapping[str, str],
    issuer: Issuer,
    tmp_path: Path,
    isolation: str,
    statuses: set[int],
) -> None:
    numbers = [*range(CROWD_FIRST, CROWD_FIRST + len(CROWD)), *range(FIRST, FIRST + CHUNK_ROWS)]
    file = write_csv(tmp_path / "patients.csv", numbers)
    url = make_url(environment["INVITATIONS_DATABASE_URL"])
    async with watching(f"{url}") as connection:
        await connection.execute(
            f"ALTER DATABASE {url.database} SET default_transaction_isolation = '{isolation}'"
        )

    with running_service(environment, tmp_path / "log") as service:
        async with load(service, issuer) as calls:
            await calls.succeed(1)
            with importing(file, environment) as running:
                ended = await running.end()
            await calls.succeed(1)

    assert ended == all_imported(len(numbers))
    assert set(calls.statuses) <= statuses
    assert await known_among(environment, numbers) == sorted(numbers)
    assert set((await InvitationRecords(environment).requests()).values()) == {BATCH}
