"""PostgreSQL's view of the connections to a database, and ways to block them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tests.integration.faults.support.waiting import PATIENCE_SECONDS, until

_NAME = "watching"
_MOMENT = "300 ms"
_HERE = "datname = current_database()"
_OTHERS = f"FROM pg_stat_activity WHERE {_HERE} AND application_name <> '{_NAME}'"


class Backends:
    """The connections to a database, without those of the tests."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def count(self) -> int:
        return await self.fetch_number(f"SELECT count(*) {_OTHERS}")

    async def wait_for_locks(self, least: int) -> None:
        """Wait until this number of connections, those of the tests included, wait for a lock."""
        # an autovacuum may wait too, and does not count
        waiting = (
            f"SELECT count(*) FROM pg_stat_activity WHERE {_HERE} AND wait_event_type = 'Lock' "
            "AND backend_type = 'client backend'"
        )

        async def wait() -> bool:
            return await self.fetch_number(waiting) >= least

        await until(wait)

    async def are_idle(self) -> None:
        """Wait until none of them has done anything for a moment.

        Between preparing a statement and executing it, a backend is idle as well.
        """
        at_work = f"state <> 'idle' OR state_change > clock_timestamp() - interval '{_MOMENT}'"

        async def idle() -> bool:
            return await self.fetch_number(f"SELECT count(*) {_OTHERS} AND ({at_work})") == 0

        await until(idle)

    async def are_gone(self) -> None:
        """Wait until there are none, so that no statement still runs."""

        async def gone() -> bool:
            return await self.count() == 0

        await until(gone)

    async def terminate(self) -> int:
        """End them, and return their number."""
        ended = await self._connection.fetch(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
        return len(ended)

    async def cancel(self) -> None:
        """Cancel their statements."""
        await self._connection.fetch(f"SELECT pg_cancel_backend(pid) {_OTHERS}")

    async def process_ids(self) -> list[int]:
        return [row["pid"] for row in await self._connection.fetch(f"SELECT pid {_OTHERS}")]

    async def execute(self, statement: str) -> None:
        await self._connection.execute(statement)

    async def fetch_number(self, statement: str) -> int:
        return int(await self._connection.fetchval(statement))


@asynccontextmanager
async def watching(url: str) -> AsyncIterator[Backends]:
    """Connect to the database of a URL, in addition to the watched connections."""
    connection = await asyncpg.connect(
        url.replace("+asyncpg", ""),
        timeout=PATIENCE_SECONDS,
        command_timeout=PATIENCE_SECONDS,
        server_settings={"application_name": _NAME},
    )
    try:
        yield Backends(connection)
    finally:
        await connection.close(timeout=PATIENCE_SECONDS)


@asynccontextmanager
async def locked(url: str, table: str, mode: str = "ACCESS EXCLUSIVE") -> AsyncIterator[None]:
    """Lock a table until the block ends."""
    async with watching(url) as connection:
        await connection.execute(f"BEGIN; LOCK TABLE {table} IN {mode} MODE")
        yield
