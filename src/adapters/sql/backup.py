"""The backup of a database in a SQLite file."""

from pathlib import Path

from sqlalchemy import text

from adapters.sql.database import Database

_BACK_UP = text("VACUUM INTO :file")
"""Copies one state of the database, while others use it: https://www.sqlite.org/lang_vacuum.html ."""


async def back_up(database: Database, file: Path) -> None:
    """Copy a database on SQLite into an empty file. Raises StorageUnavailable."""
    await database.read(lambda connection: connection.execute(_BACK_UP, {"file": str(file)}))
