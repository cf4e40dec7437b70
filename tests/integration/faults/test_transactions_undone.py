"""PostgreSQL rolls back a transaction because of another: the service runs it again."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date

import anyio
import pytest
from returns.result import Result, Success
from sqlalchemy import make_url, select

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.tables import patient
from application.ports.patients import PatientChunk
from tests.builders import HOSPITAL, NOW, a_patient_id, a_record, an_identifier
from tests.integration.faults.support.backends import Backends, watching
from tests.integration.faults.support.waiting import until
from tests.integration.sql.rows import rows

NUMBERS = range(50_001, 50_102)
MIDDLE = a_patient_id(50_051)
BEFORE, FORWARDS, BACKWARDS = date(1950, 1, 1), date(1960, 1, 1), date(1970, 1, 1)


@pytest.fixture(params=["read committed", "repeatable read", "serializable"])
async def url(request: pytest.FixtureRequest, postgresql_environment: Mapping[str, str]) -> str:
    """Give a database with the isolation level of the parameter."""
    url = make_url(postgresql_environment["INVITATIONS_DATABASE_URL"])
    async with watching(f"{url}") as connection:
        await connection.execute(
            f"ALTER DATABASE {url.database} SET default_transaction_isolation = '{request.param}'"
        )
    return f"{url}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Give the adapters of a database with the patients."""
    database = connect(make_url(url))
    await SqlPatientReportRepository(database).merge(chunk(NUMBERS, BEFORE))
    yield database
    await database.close()


@pytest.fixture
async def backends(url: str) -> AsyncIterator[Backends]:
    async with watching(url) as backends:
        yield backends


@pytest.fixture
async def other(url: str) -> AsyncIterator[Backends]:
    """Give a connection for a conflicting transaction."""
    async with watching(url) as other:
        yield other


def chunk(numbers: Iterable[int], date_of_birth: date) -> PatientChunk:
    records = {
        a_patient_id(number): a_record(an_identifier(number), date_of_birth=date_of_birth)
        for number in numbers
    }
    owners = {
        identifier: patient_id for patient_id, record in records.items() for identifier in record.identifiers
    }
    return PatientChunk(HOSPITAL, NOW, records, owners)


async def dates_of_birth(url: str) -> set[date | None]:
    ids = [a_patient_id(number) for number in NUMBERS]
    born = await rows(url, select(patient.c.date_of_birth).where(patient.c.id.in_(ids)))
    assert len(born) == len(NUMBERS)
    return {each for [each] in born}


async def undone_so_far(backends: Backends, column: str) -> int:
    return await backends.fetch_number(
        f"SELECT {column} FROM pg_stat_database WHERE datname = current_database()"
    )


class Merges:
    """Concurrent merges, each in its own transaction."""

    def __init__(self, database: Database) -> None:
        self._register = SqlPatientReportRepository(database)
        self.outcomes: list[Result[None, object]] = []

    async def merge(self, merged: PatientChunk) -> None:
        self.outcomes.append(await self._register.merge(merged))


async def test_two_conflicting_chunks_are_both_stored_whole(
    url: str, database: Database, backends: Backends, other: Backends
) -> None:
    before = await undone_so_far(backends, "deadlocks")
    merges = Merges(database)

    async with anyio.create_task_group() as merging:
        await other.execute(f"BEGIN; SELECT FROM patient WHERE id = '{MIDDLE}' FOR UPDATE")
        merging.start_soon(merges.merge, chunk(NUMBERS, FORWARDS))
        merging.start_soon(merges.merge, chunk(reversed(NUMBERS), BACKWARDS))
        # each has reached the middle from its end, and needs a row that the other has locked
        await backends.wait_for_locks(2)
        await other.execute("COMMIT")
    await database.close()

    async def is_counted() -> bool:
        return await undone_so_far(backends, "deadlocks") > before

    await until(is_counted)
    assert merges.outcomes == [Success(None)] * 2
    assert len(await dates_of_birth(url)) == 1
    assert await dates_of_birth(url) <= {FORWARDS, BACKWARDS}


async def test_a_chunk_whose_patients_are_changed_meanwhile_is_stored_whole(
    url: str, database: Database, backends: Backends, other: Backends
) -> None:
    merges = Merges(database)

    async with anyio.create_task_group() as merging:
        await other.execute(f"BEGIN; UPDATE patient SET date_of_birth = '1990-01-01' WHERE id = '{MIDDLE}'")
        merging.start_soon(merges.merge, chunk(NUMBERS, FORWARDS))
        await backends.wait_for_locks(1)
        await other.execute("COMMIT")

    assert merges.outcomes == [Success(None)]
    assert await dates_of_birth(url) == {FORWARDS}
