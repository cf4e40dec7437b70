"""Callers notice nothing of an upgrade of the tables that they use.

On PostgreSQL alone: SQLite prepares statements anew by itself, and lets readers go on while it is written to.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Row, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.postgresql import POOL_SIZE
from adapters.sql.prepared import Execute, Prepared
from adapters.sql.schema import LOCK_SECONDS, Schema
from adapters.sql.tables import organisation
from entrypoints.worker import STATEMENT_SECONDS
from tests.builders import an_organisation
from tests.integration.faults.support.backends import locked, watching
from tests.integration.sql.rows import rows

pytestmark = pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True, scope="session")

CHANGE = text("ALTER TABLE organisation ALTER COLUMN name TYPE VARCHAR(255)")
NAMES = select(organisation.c.name)


@pytest.fixture
async def database(migrated_database_url: str) -> AsyncIterator[Database]:
    database = connect(make_url(migrated_database_url))
    await SqlOrganisationRepository(database).add(an_organisation())
    yield database
    await database.close()


async def _names(connection: AsyncConnection) -> Sequence[Row[Any]]:
    return (await connection.execute(NAMES)).all()


async def _names_by_prepared_statement(execute: Execute, names: Prepared) -> Sequence[Any]:
    return await execute(names, {})


@pytest.mark.parametrize("do", [Database.read, Database.write])
async def test_statements_that_were_prepared_are_carried_out_after_a_type_has_changed(
    migrated_database_url: str, database: Database, do: Callable[..., Awaitable[Sequence[Row[Any]]]]
) -> None:
    before = await asyncio.gather(*(do(database, _names) for _ in range(POOL_SIZE)))
    await rows(migrated_database_url, CHANGE)

    after = await asyncio.gather(*(do(database, _names) for _ in range(POOL_SIZE)))

    assert after == before


async def test_transactions_of_prepared_statements_are_carried_out_after_a_type_has_changed(
    migrated_database_url: str, database: Database
) -> None:
    work = partial(_names_by_prepared_statement, names=database.prepare(NAMES))
    before = await asyncio.gather(*(database.transact(work) for _ in range(POOL_SIZE)))
    await rows(migrated_database_url, CHANGE)

    after = await asyncio.gather(*(database.transact(work) for _ in range(POOL_SIZE)))

    assert after == before


async def test_a_migration_stops_waiting_for_a_table_before_the_calls_behind_it(
    migrated_database_url: str, database: Database
) -> None:
    # as a backup does
    async with locked(migrated_database_url, "organisation", "ACCESS SHARE"):
        change = asyncio.create_task(Schema(database).downgrade("base"))
        async with watching(migrated_database_url) as backends:
            await backends.wait_for_locks(1)
        async with asyncio.timeout(STATEMENT_SECONDS):
            names = await database.read(_names)

    assert len(names) == 1
    with pytest.raises(StorageUnavailable, match="lock timeout"):
        await change
    assert LOCK_SECONDS < STATEMENT_SECONDS
