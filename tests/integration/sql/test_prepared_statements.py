"""PostgreSQL keeps statements prepared, unless the URL forbids it."""

import pytest
from sqlalchemy import make_url, text

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.patients import SqlPatientRepository
from tests.builders import HOSPITAL, an_identifier

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
