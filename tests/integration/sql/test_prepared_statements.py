"""PostgreSQL keeps statements prepared, unless the URL forbids it."""

import pytest
from sqlalchemy import func, insert, make_url, select, text

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.prepared import Execute
from adapters.sql.tables import failed_claim
from tests.builders import HOSPITAL, NOW, a_patient_id, an_identifier
from tests.integration.sql.rows import row_counts

pytestmark = pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")

# of the one connection in use: the pool hands out the last returned one
_FINDING = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT batch%'")


async def _prepared(database: Database) -> int:
    for _ in range(3):
        await SqlPatientRepository(database).find(HOSPITAL, [an_identifier()])
    return int(await database.read(lambda connection: connection.scalar(_FINDING)))


async def test_a_statement_is_prepared_once_for_all_calls(url: str) -> None:
    database = connect(make_url(url))

    prepared = await _prepared(database)

    assert prepared == 1
    await database.close()


async def test_nothing_stays_prepared_where_the_url_says_so(url: str) -> None:
    database = connect(make_url(url + "?prepared_statement_cache_size=0"))

    prepared = await _prepared(database)

    assert prepared == 0
    await database.close()


async def test_a_transaction_that_loses_its_connection_is_done_again_as_a_whole(url: str) -> None:
    database = connect(make_url(url))
    note = database.prepare(insert(failed_claim).values(patient_id=a_patient_id(), failed_at=NOW).inline())
    end = database.prepare(select(func.pg_terminate_backend(func.pg_backend_pid())))
    attempts = 0

    async def work(execute: Execute) -> None:
        nonlocal attempts
        attempts += 1
        await execute(note, {})
        if attempts == 1:
            await execute(end, {})

    await database.transact(work)

    stored = await row_counts(url, ["failed_claim"])
    assert (attempts, stored) == (2, {"failed_claim": 1})
    await database.close()
