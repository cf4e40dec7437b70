"""PostgreSQL as the database: a server that many processes share."""

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.sql.database import Database
from adapters.sql.json_text import json_text

POOL_SIZE = 10
"""Connections of one process."""

POOL_SECONDS = 2
"""How long a request waits for one of them."""

CONNECT_SECONDS = 2
"""How long a server that says nothing is waited for."""


def postgresql_database(url: URL, statement_seconds: float | None) -> Database:
    """Give the database that `url` names; nothing is opened yet.

    `statement_seconds` bounds each statement, None does not.
    """
    transactions = create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        # the last one to come back is the first to go out again, so that spare ones stay spare
        pool_use_lifo=True,
        connect_args={"timeout": CONNECT_SECONDS, "command_timeout": statement_seconds},
        hide_parameters=True,
        json_serializer=json_text,
    )
    alone = transactions.execution_options(isolation_level="AUTOCOMMIT")
    return Database(alone, transactions)
