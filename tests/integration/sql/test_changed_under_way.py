"""Statements that a connection has prepared are carried out after an upgrade has changed their tables.

On PostgreSQL alone: it tells whoever prepared a statement that its result has another type now, and SQLite
prepares it anew.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Row, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.organisation_register import SqlOrganisationRegister
from adapters.sql.postgresql import POOL_SIZE
from adapters.sql.schema import Schema
from adapters.sql.tables import organisation
from tests.builders import an_organisation
from tests.integration.sql.rows import rows

pytestmark = pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")

CHANGE = text("ALTER TABLE organisation ALTER COLUMN name TYPE VARCHAR(255)")
NAMES = select(organisation.c.name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = connect(make_url(database_url))
    await Schema(database).upgrade()
    await SqlOrganisationRegister(database).add(an_organisation())
    yield database
    await database.close()


async def _names(connection: AsyncConnection) -> Sequence[Row[Any]]:
    return (await connection.execute(NAMES)).all()


@pytest.mark.parametrize("do", [Database.read, Database.write])
async def test_a_changed_type_is_not_noticed_on_any_connection(
    database_url: str, database: Database, do: Callable[..., Awaitable[Sequence[Row[Any]]]]
) -> None:
    before = await asyncio.gather(*(do(database, _names) for _ in range(POOL_SIZE)))
    await rows(database_url, CHANGE)

    after = await asyncio.gather(*(do(database, _names) for _ in range(POOL_SIZE)))

    assert after == before
