"""PostgreSQL as the database: a server that many processes share."""

from functools import partial
from typing import Any

import asyncpg
from asyncpg import CannotConnectNowError, Connection, TargetServerAttributeNotMatched
from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from adapters.sql.bulk_parameters import json_text
from adapters.sql.database import Database
from adapters.sql.postgresql_url import PostgresqlAddress, read_postgresql_url, sessions

POOL_SIZE = 10
"""Connections of one process."""

POOL_SECONDS = 2
"""How long a request waits for a connection."""

CONNECT_SECONDS = 2
"""How long a new connection to a server may take, unless the URL says otherwise (connect_timeout)."""

_COMMAND_CONNECT_SECONDS = 10
"""The same for a command, where no caller waits: a busy server may take longer."""

_OF_A_STATEMENT = 0.8
"""The part of a statement's time for which it may wait for a row: then the server says what it waited for."""


def postgresql_database(url: URL, statement_seconds: float | None) -> Database:
    """Give the database that `url` names; nothing is opened yet.

    `statement_seconds` bounds each statement, if it is not None.
    """
    address = read_postgresql_url(url)
    transactions = create_async_engine(
        # the driver gets the address below: SQLAlchemy knows few of the parameters
        URL.create(url.drivername, username=url.username),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        # the connection that was returned last is used first, so that spare ones stay idle
        pool_use_lifo=True,
        connect_args={
            "async_creator_fn": partial(
                _connect,
                address,
                _COMMAND_CONNECT_SECONDS if statement_seconds is None else CONNECT_SECONDS,
            ),
            "command_timeout": statement_seconds,
            # SQLAlchemy has a cache of its own before the driver's: one setting for both
            "statement_cache_size": address.statement_cache_size,
            "prepared_statement_cache_size": address.statement_cache_size,
        },
        hide_parameters=True,
        json_serializer=json_text,
    )
    event.listen(transactions.sync_engine, "checkout", _replace_closed)
    alone = transactions.execution_options(isolation_level="AUTOCOMMIT")
    row_seconds = None if statement_seconds is None else statement_seconds * _OF_A_STATEMENT
    return Database(alone, transactions, POOL_SIZE, row_seconds, role=address.arguments["user"])


async def _connect(
    address: PostgresqlAddress,
    usual_seconds: float,
    **arguments: Any,  # noqa: ANN401 - the driver's
) -> Connection:
    """Connect to the first server that can be used. Raises what the last one raises."""
    failure: Exception = OSError("there is no server to connect to")
    for server, session in sessions(address):
        try:
            return await asyncpg.connect(
                **{**arguments, **address.arguments},
                host=server.host,
                port=server.port,
                target_session_attrs=session,
                timeout=address.connect_seconds or usual_seconds,
            )
        # like PostgreSQL's own client: another failure, such as a wrong password, ends the search
        except (OSError, CannotConnectNowError) as error:
            failure = error
        except TargetServerAttributeNotMatched:
            failure = OSError("no server gives a session as target_session_attrs asks for")
    raise failure


def _replace_closed(
    _connection: DBAPIConnection, entry: ConnectionPoolEntry, _pooled: PoolProxiedConnection
) -> None:
    driver: Any = entry.driver_connection
    if driver.is_closed():
        raise DisconnectionError
