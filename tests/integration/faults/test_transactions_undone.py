"""PostgreSQL rolls back a transaction because of another: the service runs it again."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import date

import anyio
import pytest
from sqlalchemy import make_url, select

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.tables import patient
from domain.patient_reports import PatientReport
from tests.builders import HOSPITAL, a_patient_id, a_report, an_identifier, reported
from tests.integration.faults.support.backends import Backends, watching
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
    await report(SqlPatientReportRepository(database), born(NUMBERS, BEFORE))
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


def born(numbers: Iterable[int], date_of_birth: date) -> list[PatientReport]:
    return [a_report(an_identifier(number), date_of_birth=date_of_birth) for number in numbers]


async def dates_of_birth(url: str) -> set[date | None]:
    ids = [a_patient_id(number) for number in NUMBERS]
    dates = await rows(url, select(patient.c.date_of_birth).where(patient.c.id.in_(ids)))
    assert len(dates) == len(NUMBERS)
    return {each for [each] in dates}


async def test_two_conflicting_chunks_are_both_stored_whole(
    url: str, database: Database, backends: Backends, other: Backends
) -> None:
    repository = SqlPatientReportRepository(database)

    async with anyio.create_task_group() as reporting:
        await other.execute(f"BEGIN; SELECT FROM patient WHERE id = '{MIDDLE}' FOR UPDATE")
        reporting.start_soon(report, repository, born(NUMBERS, FORWARDS))
        reporting.start_soon(report, repository, born(reversed(NUMBERS), BACKWARDS))
        # each wants the one in the middle, or what the other has locked before it
        await backends.wait_for_locks(2)
        await other.execute("COMMIT")

    known = await dates_of_birth(url)
    assert len(known) == 1
    assert known <= {FORWARDS, BACKWARDS}


async def test_a_chunk_whose_patients_are_changed_meanwhile_is_decided_again_and_stored_whole(
    url: str, database: Database, backends: Backends, other: Backends
) -> None:
    repository = SqlPatientReportRepository(database)

    async with anyio.create_task_group() as reporting:
        await other.execute(f"BEGIN; UPDATE patient SET date_of_birth = '1990-01-01' WHERE id = '{MIDDLE}'")
        reporting.start_soon(report, repository, born(NUMBERS, FORWARDS))
        await backends.wait_for_locks(1)
        await other.execute("COMMIT")

    assert await dates_of_birth(url) == {FORWARDS}


async def report(repository: SqlPatientReportRepository, reports: Iterable[PatientReport]) -> None:
    await reported(repository, *reports, organisation_id=HOSPITAL, first=NUMBERS[0])
