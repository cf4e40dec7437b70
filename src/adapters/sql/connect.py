"""Connects to the database that a URL names."""

from sqlalchemy import URL

from adapters.sql.database import Database, Watch
from adapters.sql.postgresql import postgresql_database
from adapters.sql.sqlite import sqlite_database

DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")

ALIASES = dict.fromkeys(("postgresql", "postgres"), "postgresql+asyncpg")
"""How PostgreSQL's own URLs begin, which hosting services give: they name no driver."""


def connect(url: URL, statement_seconds: float | None = None, watch: Watch | None = None) -> Database:
    """Give the database of a URL by one of the DRIVERS; nothing is opened yet.

    `statement_seconds` bounds how long a server may take for a statement, if it is not None. `watch` counts
    the connections in use.
    """
    is_sqlite = url.drivername == "sqlite+aiosqlite"
    database = sqlite_database(url) if is_sqlite else postgresql_database(url, statement_seconds)
    if watch is not None:
        database.watch_connections(watch)
    return database
