"""What a database holds, read beside the adapters that are under test."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, NullPool, Row, func, inspect, select
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.sql.tables import command_event, metadata, schema_compatibility

T = TypeVar("T")


async def on_connection(url: str, work: Callable[[Connection], T]) -> T:
    """Do some work on a connection of its own, in a transaction."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(work)


async def rows(url: str, statement: Executable) -> Sequence[Row[Any]]:
    """Run a statement; give the rows that it returns."""

    def run(connection: Connection) -> Sequence[Row[Any]]:
        result = connection.execute(statement)
        return result.all() if result.returns_rows else ()

    return await on_connection(url, run)


async def row_counts(url: str, tables: Collection[str] = ()) -> dict[str, int]:
    """Count the rows of these tables, or of all but those that speak of the schema or of commands.

    Tables without a row are left out, and so are those that there are not.
    """

    def count(connection: Connection) -> dict[str, int]:
        counted = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.tables.values()
            if table not in {schema_compatibility, command_event}
            and (not tables or table.name in tables)
            and inspect(connection).has_table(table.name)
        }
        return {name: number for name, number in counted.items() if number}

    return await on_connection(url, count)
