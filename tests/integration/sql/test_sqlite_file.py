"""A SQLite file that several processes open for the first time."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.connect import connect
from adapters.sql.errors import StorageUnavailable
from adapters.sql.schema import Schema
from adapters.sql.sqlite import BUSY_SECONDS
from tests.builders import an_audit_event
from tests.integration.databases import Databases

MOMENT = 0.5
LONGER_THAN_A_WRITE_WAITS = BUSY_SECONDS + 1


async def test_a_new_file_is_opened_once_another_process_has_written_to_it(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    database = connect(make_url(f"sqlite+aiosqlite:///{file}"))

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        opening = asyncio.ensure_future(Schema(database).revision())
        await asyncio.wait([opening], timeout=MOMENT)
        other.execute("COMMIT")
        revision = await opening

    await database.close()
    assert revision is None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite+aiosqlite:///{}/new.db", id="path"),
        pytest.param("sqlite+aiosqlite:///file:{}/new.db?uri=true", id="uri"),
        pytest.param("sqlite+aiosqlite:///file:{}/n%65w.db?mode=rwc&uri=true", id="uri-with-mode"),
        pytest.param("sqlite+aiosqlite:///{}/link.db", id="symbolic-link"),
    ],
)
async def test_only_its_owner_can_read_a_new_file_and_those_beside_it(tmp_path: Path, url: str) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "new.db")
    before = os.umask(0)

    try:
        database = connect(make_url(url.format(tmp_path)))
        await Schema(database).upgrade()
        modes = _modes(tmp_path, "new.db*")
        await database.close()
    finally:
        os.umask(before)

    assert modes == {0o600}


async def test_a_file_that_must_exist_is_not_made(tmp_path: Path) -> None:
    database = connect(make_url(f"sqlite+aiosqlite:///file:{tmp_path}/new.db?mode=rw&uri=true"))

    with pytest.raises(StorageUnavailable):
        await Schema(database).revision()

    await database.close()
    assert not (tmp_path / "new.db").exists()


async def test_the_mode_of_files_that_others_make_meanwhile_stays_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = iter(range(10))

    def connect_while_another_thread_makes_a_file(*arguments: Any, **options: Any) -> Any:
        (tmp_path / f"other-{next(made)}").touch()
        return sqlite3_connect(*arguments, **options)

    sqlite3_connect: Any = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connect_while_another_thread_makes_a_file)
    before = os.umask(0o022)

    try:
        database = connect(make_url(f"sqlite+aiosqlite:///{tmp_path}/new.db"))
        await Schema(database).revision()
        await database.close()
    finally:
        os.umask(before)

    assert _modes(tmp_path, "other-*") == {0o644}


async def test_a_single_insert_waits_in_the_queue_of_the_writers(sqlite: Databases) -> None:
    database = connect(make_url(sqlite.migrated_url()))
    began, end = asyncio.Event(), asyncio.Event()

    async def write(_connection: AsyncConnection) -> None:
        began.set()
        await end.wait()

    writing = asyncio.ensure_future(database.write(write))
    await began.wait()
    in_use: list[int] = []
    database.watch_connections(lambda _limit: in_use.append)
    recording = asyncio.ensure_future(SqlAuditRepository(database).record(an_audit_event()))
    await asyncio.wait([recording], timeout=MOMENT)
    waiting = [*in_use]
    end.set()
    await asyncio.gather(writing, recording)
    await database.close()

    assert waiting == []


@pytest.mark.full
async def test_an_upgrade_waits_for_a_long_one_of_another_process(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    database = connect(make_url(f"sqlite+aiosqlite:///{file}"))
    await Schema(database).revision()

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        upgrading = asyncio.ensure_future(Schema(database).upgrade())
        await asyncio.wait([upgrading], timeout=LONGER_THAN_A_WRITE_WAITS)
        other.execute("COMMIT")
        await upgrading

    problem = await Schema(database).problem()
    await database.close()
    assert problem is None


def _modes(directory: Path, names: str) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in directory.glob(names)}
