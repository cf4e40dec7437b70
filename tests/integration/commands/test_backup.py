"""The backup of the database."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from adapters.sql.connect import connect
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.tables import organisation
from tests.builders import HOSPITAL, an_organisation
from tests.integration.commands.shell import Outcome
from tests.integration.databases import Databases
from tests.integration.sql.rows import rows

FILE = "backup.db"


@pytest.fixture
def url(sqlite: Databases, monkeypatch: pytest.MonkeyPatch) -> str:
    url = sqlite.migrated_url()
    monkeypatch.setenv("INVITATIONS_DATABASE_URL", url)
    return url


def test_a_backup_has_what_a_running_service_has_written(
    url: str, bare_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        database = connect(make_url(url))
        runner.run(SqlOrganisationRepository(database).add(an_organisation()))
        ended = bare_command("db", "backup", FILE)
        runner.run(database.close())

    assert (ended.code, ended.error) == (0, "")
    assert ended.output.startswith(f"{FILE} has a copy of the database at revision ")
    backup = f"sqlite+aiosqlite:///{tmp_path / FILE}"
    assert asyncio.run(rows(backup, select(organisation.c.id))) == [(HOSPITAL.value,)]


def test_a_backup_is_made_while_another_process_writes(
    url: str, bare_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(make_url(url).database or "", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        ended = bare_command("db", "backup", FILE)

    assert ended.code == 0
    with closing(sqlite3.connect(tmp_path / FILE)) as backup:
        assert backup.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.usefixtures("url")
def test_only_its_owner_can_read_a_backup(bare_command: Callable[..., Outcome], tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        bare_command("db", "backup", FILE)
    finally:
        os.umask(before)

    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.usefixtures("url")
def test_a_backup_replaces_no_file(bare_command: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("the last backup")

    ended = bare_command("db", "backup", FILE)

    assert ended == Outcome(1, "", f"invitations: {FILE} already exists; choose another name or delete it\n")
    assert (tmp_path / FILE).read_text() == "the last backup"


@pytest.mark.usefixtures("url")
def test_a_backup_needs_a_directory_that_exists(bare_command: Callable[..., Outcome]) -> None:
    ended = bare_command("db", "backup", "nowhere/backup.db")

    assert ended == Outcome(1, "", "invitations: the directory of nowhere/backup.db does not exist\n")


def test_an_empty_database_is_not_backed_up(bare_command: Callable[..., Outcome], tmp_path: Path) -> None:
    ended = bare_command("db", "backup", FILE)

    assert ended == Outcome(1, "", "invitations: the database is empty; check INVITATIONS_DATABASE_URL\n")
    assert not (tmp_path / FILE).exists()


def test_a_database_on_postgresql_is_backed_up_by_its_own_tool(
    bare_command: Callable[..., Outcome], postgresql_server: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INVITATIONS_DATABASE_URL", postgresql_server.migrated_url())

    ended = bare_command("db", "backup", FILE)

    assert ended == Outcome(1, "", "invitations: the database is on PostgreSQL; back it up by pg_dump\n")
