"""PostgreSQL as the database: a server that many processes share."""

from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from adapters.sql.bulk_parameters import json_text
from adapters.sql.database import Database

POOL_SIZE = 10
"""Connections of one process."""

POOL_SECONDS = 2
"""How long a request waits for a connection."""

CONNECT_SECONDS = 2
"""How long a new connection may take."""

_OF_A_STATEMENT = 0.8
"""The part of a statement's time for which it may wait for a row: then the server says what it waited for."""


def postgresql_database(url: URL, statement_seconds: float | None) -> Database:
    """Give the database that `url` names; nothing is opened yet.

    `statement_seconds` bounds each statement, if it is not None.
    """
    transactions = create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        # the connection that was returned last is used first, so that spare ones stay idle
        pool_use_lifo=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": statement_seconds,
            # SQLAlchemy has a cache of its own before the driver's: one setting for both
            "statement_cache_size": int(str(url.query.get("prepared_statement_cache_size", 100))),
        },
        hide_parameters=True,
        json_serializer=json_text,
    )
    event.listen(transactions.sync_engine, "checkout", _replace_closed)
    alone = transactions.execution_options(isolation_level="AUTOCOMMIT")
    row_seconds = None if statement_seconds is None else statement_seconds * _OF_A_STATEMENT
    return Database(alone, transactions, POOL_SIZE, row_seconds)


def _replace_closed(
    _connection: DBAPIConnection, entry: ConnectionPoolEntry, _pooled: PoolProxiedConnection
) -> None:
    driver: Any = entry.driver_connection
    if driver.is_closed():
        raise DisconnectionError
