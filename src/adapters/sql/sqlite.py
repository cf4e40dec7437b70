"""SQLite as the database: embedded, in one file."""

import asyncio
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import aiosqlite
from sqlalchemy import URL, Connection, Dialect, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.sql.bulk_parameters import json_text
from adapters.sql.database import WAIT_SECONDS, Database

BUSY_SECONDS = 5
"""How long a writer waits for another process's transaction, and a request for a connection."""

_READERS, _READERS_KEPT = 15, 5
"""How many single statements may run at once, and how many connections are kept open for them."""

_PAUSE_SECONDS = 0.01

_PRAGMAS = (
    "synchronous = FULL",  # what was answered outlives a power cut
    # pages: a batch of 500 changes a thousand, and would be followed by a checkpoint each time
    "wal_autocheckpoint = 10000",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_SECONDS * 1000}",
)

_BACK_UP = text("VACUUM INTO :file")
"""Copies one state of the database, while others use it: https://www.sqlite.org/lang_vacuum.html ."""


def sqlite_database(url: URL) -> Database:
    """Give the database in the file that `url` names; nothing is opened yet.

    A single connection holds transactions, so that the writers of a process queue in order rather than
    poll for SQLite's lock.
    """
    # a read leaves no transaction to roll back
    alone = _engine(
        url, pool_size=_READERS_KEPT, max_overflow=_READERS - _READERS_KEPT, pool_reset_on_return=None
    )
    transactions = _engine(url, pool_size=1, max_overflow=0)
    event.listen(transactions.sync_engine, "begin", _begin_immediate)
    return Database(alone, transactions, _READERS + 1)


async def back_up(database: Database, file: Path) -> None:
    """Copy a database on SQLite into an empty file. Raises StorageUnavailable."""
    await database.read(lambda connection: connection.execute(_BACK_UP, {"file": str(file)}))


def _engine(url: URL, **pool: Any) -> AsyncEngine:  # noqa: ANN401 - options of SQLAlchemy's pool
    engine = create_async_engine(
        url,
        # transactions begin here, not in the driver
        connect_args={"isolation_level": None},
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
        json_serializer=json_text,
        **pool,
    )
    event.listen(engine.sync_engine, "do_connect", _try_to_open)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _try_to_open(_dialect: Dialect, _entry: ConnectionPoolEntry, path: Any, options: Any) -> None:  # noqa: ANN401 - the driver's own arguments
    _make_private(*path, **options)
    # if the file cannot be opened, aiosqlite's thread may outlive the event loop and log an error
    sqlite3.connect(*path, **options).close()


def _make_private(path: str, *, uri: bool = False, **_options: object) -> None:
    """Make a new file that only its owner can read; SQLite gives the files beside it the same mode."""
    if uri and path.startswith("file:"):
        name = urlsplit(path)
        if not {"ro", "rw", "memory"}.isdisjoint(parse_qs(name.query).get("mode", ())):
            return
        path = unquote(name.path)
    # never opens a file that exists: closing it would release all of SQLite's locks on it in this process
    # (https://www.sqlite.org/howtocorrupt.html)
    with suppress(OSError):
        os.close(os.open(os.path.realpath(path), os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.run_async(_write_ahead)
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def _write_ahead(connection: aiosqlite.Connection) -> None:
    """Keep a write-ahead log, so that readers and the writer do not wait for each other."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            await connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # SQLite does not wait here: two connections to a new file would wait for each other
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    # a lock at the first write could fail half way; a lock at the start only waits
    wait_seconds = connection.get_execution_options().get(WAIT_SECONDS)
    if wait_seconds is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait_seconds * 1000}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
