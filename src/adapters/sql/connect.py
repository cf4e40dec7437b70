"""The database that a URL names."""

from sqlalchemy import URL

from adapters.sql.database import Database
from adapters.sql.sqlite import sqlite_database


def connect(url: URL) -> Database:
    """Give the database; nothing is opened yet."""
    return sqlite_database(url)
