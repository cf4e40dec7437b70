"""The migrations build the tables that the adapters use, and take them away again."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from importlib.resources import files
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url, text, update
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.exc import DBAPIError

from adapters.sql import migrations
from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.errors import StorageUnavailable
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.key_checks import SqlKeyChecks
from adapters.sql.organisations import SqlGrants, SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.schema import Schema
from adapters.sql.served_schema import ServedSchema
from adapters.sql.tables import metadata, schema_compatibility
from tests.builders import (
    a_grant,
    a_remembered_request,
    a_report,
    an_audit_event,
    an_invitation,
    an_organisation,
    reported,
)
from tests.integration.databases import Databases
from tests.integration.sql.rows import on_connection, row_counts, rows
from tests.key_builders import a_key_ring

LEFT = {"invitation": {"id", "ix_invitation_id"}, "failed_claim": {"invitation_id"}}
"""What the release before alone uses, by table."""

LEFT_IN_SQLITE = {
    **LEFT,
    "invitation": {"id", "uq_invitation_code_digest"},
    "audit_event": {"ix_audit_event_request_id"},
}
"""The same in SQLite, where the rows of both tables are still keyed by their number."""


@pytest.fixture
async def database(migrated_database_url: str) -> AsyncIterator[Database]:
    """Give a migrated database that no other test uses."""
    database = connect(make_url(migrated_database_url))
    yield database
    await database.close()


async def _fill(database: Database) -> None:
    await SqlOrganisationRepository(database).add(an_organisation())
    await SqlGrants(database).add(a_grant())
    await reported(SqlPatientReportRepository(database), a_report())
    await SqlInvitationRepository(database).add([an_invitation()], an_audit_event(), a_remembered_request())
    await SqlKeyChecks(database, a_key_ring().check_values).problem()


async def _filled(url: str, database: Database) -> dict[str, int]:
    await _fill(database)
    return await row_counts(url)


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _written(index: ReflectedIndex) -> str:
    options = {name: str(value) for name, value in index.pop("dialect_options", {}).items()}
    return f"{index} {options}"


def _left(connection: Connection) -> Mapping[str, Collection[str]]:
    return LEFT_IN_SQLITE if connection.dialect.name == "sqlite" else LEFT


def _described(connection: Connection) -> dict[str, Sequence[Any]]:
    """Describe each table, the names of its constraints included, but not what is left."""
    inspector, left = inspect(connection), _left(connection)

    def described(table: str) -> list[object]:
        def used(each: Mapping[str, Any]) -> bool:
            return each["name"] not in left.get(table, ())

        key = inspector.get_pk_constraint(table)
        is_renumbered = connection.dialect.name == "sqlite" and table in {"invitation", "audit_event"}
        columns = sorted(map(repr, filter(used, inspector.get_columns(table))))
        return [
            [] if is_renumbered else [columns, key],
            sorted(map(repr, inspector.get_foreign_keys(table))),
            sorted(map(repr, filter(used, inspector.get_unique_constraints(table)))),
            sorted(map(_written, filter(used, inspector.get_indexes(table)))),
        ]

    return {table: described(table) for table in metadata.tables}


def _is_used(connection: Connection, element: Any, name: str | None) -> bool:
    table = getattr(element, "table", None)
    return table is None or name not in _left(connection).get(table.name, ())


async def test_alembic_finds_nothing_to_migrate_from_the_revisions_to_the_tables(
    migrated_database_url: str, database: Database
) -> None:
    def compare(connection: Connection) -> object:
        used = {"include_object": lambda element, name, *_kind: _is_used(connection, element, name)}
        return compare_metadata(MigrationContext.configure(connection, opts=used), metadata)

    assert await on_connection(migrated_database_url, compare) == []


async def test_the_revisions_build_what_the_tables_say_down_to_the_names_of_constraints(
    migrated_database_url: str, database: Database, new_database_url: Databases
) -> None:
    url = new_database_url()
    await on_connection(url, metadata.create_all)

    built = await on_connection(migrated_database_url, _described)

    assert built == await on_connection(url, _described)


async def test_a_process_knows_the_revisions_without_alembic(database: Database) -> None:
    served = ServedSchema(database)

    assert served.wanted == ScriptDirectory(str(files(migrations))).get_current_head()
    assert await served.revision() == served.wanted


async def test_an_upgrade_and_a_downgrade_can_be_done_again_and_again(
    migrated_database_url: str, database: Database
) -> None:
    schema = Schema(database)

    for _ in range(2):
        await schema.downgrade("base")
        await schema.upgrade()

    assert await on_connection(migrated_database_url, _table_names) >= set(metadata.tables)


async def test_a_downgrade_takes_the_tables_away_with_what_is_in_them(
    migrated_database_url: str, database: Database
) -> None:
    for _ in range(2):
        await _fill(database)
        await Schema(database).downgrade("base")
        await Schema(database).upgrade()

    assert await row_counts(migrated_database_url) == {}


async def test_after_a_downgrade_to_nothing_no_table_is_left(
    migrated_database_url: str, database: Database
) -> None:
    await _fill(database)

    await Schema(database).downgrade("base")

    assert await on_connection(migrated_database_url, _table_names) == {"alembic_version"}


async def test_an_upgrade_of_the_newest_revision_leaves_the_data_alone(
    migrated_database_url: str, database: Database
) -> None:
    filled = await _filled(migrated_database_url, database)

    await Schema(database).upgrade()

    assert await row_counts(migrated_database_url) == filled


async def test_taking_back_the_newest_revision_and_applying_it_again_leaves_the_data_alone(
    migrated_database_url: str, database: Database
) -> None:
    filled = await _filled(migrated_database_url, database)

    await Schema(database).downgrade("-1")
    older = await on_connection(migrated_database_url, _table_names)
    await Schema(database).upgrade()

    assert await row_counts(migrated_database_url, older) == {
        name: count for name, count in filled.items() if name in older
    }


async def test_an_upgrade_that_fails_half_way_leaves_nothing(database_url: str) -> None:
    await rows(database_url, text("CREATE TABLE audit_event (id INTEGER)"))
    database = connect(make_url(database_url))

    with pytest.raises((StorageUnavailable, DBAPIError)):
        await Schema(database).upgrade()

    await database.close()
    assert await on_connection(database_url, _table_names) == {"audit_event"}


async def test_two_upgrades_at_once_both_succeed(database_url: str) -> None:
    databases = [connect(make_url(database_url)) for _ in range(2)]

    await asyncio.gather(*(Schema(database).upgrade() for database in databases))

    assert [await Schema(database).problem() for database in databases] == [None, None]
    await asyncio.gather(*(database.close() for database in databases))


async def test_an_upgraded_database_has_no_problem(database: Database) -> None:
    assert await Schema(database).problem() is None


async def test_a_new_database_has_to_be_upgraded(database_url: str) -> None:
    database = connect(make_url(database_url))
    schema = Schema(database)

    problem = await schema.problem()

    await database.close()
    assert problem == (
        f"the database is at revision none and this release wants {schema.wanted}: "
        "run `invitations db upgrade`"
    )


async def test_a_database_at_an_earlier_revision_has_to_be_upgraded(
    migrated_database_url: str, database: Database
) -> None:
    schema = Schema(database)
    await schema.downgrade("0003")

    assert await schema.problem() == (
        f"the database is at revision 0003 and this release wants {schema.wanted}: "
        "run `invitations db upgrade`"
    )


async def test_a_later_revision_that_serves_this_release_is_no_problem(
    migrated_database_url: str, database: Database
) -> None:
    schema = Schema(database)
    await rows(migrated_database_url, text("UPDATE alembic_version SET version_num = 'later'"))

    assert await schema.problem() is None


async def test_a_later_revision_that_serves_newer_releases_alone_asks_for_one(
    migrated_database_url: str, database: Database
) -> None:
    schema = Schema(database)
    await rows(migrated_database_url, text("UPDATE alembic_version SET version_num = 'later'"))
    await rows(migrated_database_url, update(schema_compatibility).values(oldest_served="too late"))

    assert await schema.problem() == (
        "the database is at revision later, which serves releases from revision too late on, "
        f"and this release is of {schema.wanted}: run a newer release"
    )


async def test_a_database_that_cannot_be_asked_is_a_problem() -> None:
    database = connect(make_url("sqlite+aiosqlite:////nowhere/at/all.db"))

    assert await Schema(database).problem() == (
        "the database cannot be reached: unable to open database file"
    )
    await database.close()


async def test_a_database_with_several_revisions_is_a_problem(
    migrated_database_url: str, database: Database
) -> None:
    await rows(migrated_database_url, text("INSERT INTO alembic_version VALUES ('0001')"))

    assert await Schema(database).problem() == (
        "the database cannot be used: its table alembic_version has several rows. Restore it from a backup."
    )
