"""A SQLite file that several processes open for the first time."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.schema import Schema

MOMENT = 0.5


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
