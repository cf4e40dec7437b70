"""A SQLite file that several processes open for the first time."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.schema import Schema
from adapters.sql.sqlite import BUSY_SECONDS

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
