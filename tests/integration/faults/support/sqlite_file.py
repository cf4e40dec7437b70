"""Checks a SQLite file without the adapters."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


def file_of(environment: Mapping[str, str]) -> Path:
    return Path(make_url(environment["INVITATIONS_DATABASE_URL"]).database or "")


def problems_in(file: Path) -> list[str]:
    """Check a database from its first page to its last."""
    with closing(sqlite3.connect(file)) as connection:
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    return [] if said == ["ok"] else said
