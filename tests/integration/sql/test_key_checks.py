"""Two processes with different keys under one id are not both ready."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import make_url, select

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.key_checks import SqlKeyChecks
from adapters.sql.tables import key_check
from application.ports.system import ReadinessCheck
from tests.contracts.readiness_check_contract import ReadinessCheckContract
from tests.integration.sql.rows import rows
from tests.key_builders import a_key, a_key_ring

ONE = a_key_ring(f"2026-11:{a_key()}").check_values
OTHER = a_key_ring(f"2026-11:{a_key('b')}").check_values
PROBLEM = (
    "INVITATIONS_TOKEN_KEYS has another key than before under the id 2026-11: "
    "restore the key, or give the new one an id of its own (docs/operations/keys.md)"
)


class TestSqlKeyChecks(ReadinessCheckContract):
    @pytest.fixture
    def ready(self, database: Database) -> ReadinessCheck:
        return SqlKeyChecks(database, ONE)

    @pytest.fixture
    async def unready(self, database: Database) -> ReadinessCheck:
        await SqlKeyChecks(database, ONE).problem()
        return SqlKeyChecks(database, OTHER)


async def test_another_key_under_the_same_id_is_a_problem_that_names_the_id(database: Database) -> None:
    first = await SqlKeyChecks(database, ONE).problem()

    second = await SqlKeyChecks(database, OTHER).problem()

    assert (first, second) == (None, PROBLEM)


async def test_the_same_key_is_ready_in_every_process_and_in_any_place_of_the_ring(
    database: Database,
) -> None:
    await SqlKeyChecks(database, ONE).problem()

    again = await SqlKeyChecks(
        database, a_key_ring(f"new:{a_key('c')}", f"2026-11:{a_key()}").check_values
    ).problem()

    assert again is None


async def test_a_key_that_was_removed_and_comes_back_changed_is_a_problem(database: Database) -> None:
    for ring in (ONE, a_key_ring(f"2027-01:{a_key('c')}").check_values):
        assert await SqlKeyChecks(database, ring).problem() is None

    assert await SqlKeyChecks(database, OTHER).problem() == PROBLEM


async def test_of_many_processes_that_start_at_once_those_with_one_of_the_keys_are_ready(url: str) -> None:
    async def problem(ring: Mapping[str, bytes]) -> str | None:
        database = connect(make_url(url))
        found = await SqlKeyChecks(database, ring).problem()
        await database.close()
        return found

    problems = await asyncio.gather(*(problem(ring) for ring in (ONE, OTHER) * 4))

    assert (set(problems[::2]), set(problems[1::2])) in [({None}, {PROBLEM}), ({PROBLEM}, {None})]


async def test_the_check_value_alone_is_stored(url: str, database: Database) -> None:
    await SqlKeyChecks(database, ONE).problem()

    assert [tuple(row) for row in await rows(url, select(key_check))] == [*ONE.items()]


async def test_a_database_that_cannot_be_used_is_left_to_the_check_of_the_schema() -> None:
    database = connect(make_url("sqlite+aiosqlite:////nowhere/at/all.db"))

    assert await SqlKeyChecks(database, ONE).problem() is None
    await database.close()
