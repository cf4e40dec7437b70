"""The database that a URL names."""

from sqlalchemy import URL

from adapters.sql.database import Database
from adapters.sql.postgresql import postgresql_database
from adapters.sql.sqlite import sqlite_database

DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


def connect(url: URL, statement_seconds: float | None = None) -> Database:
    """Give the database of a URL by one of the DRIVERS; nothing is opened yet.

    `statement_seconds` bounds how long a server may take over a statement, None does not.
    """
    if url.drivername == "sqlite+aiosqlite":
        return sqlite_database(url)
    return postgresql_database(url, statement_seconds)
