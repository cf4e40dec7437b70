"""A PostgreSQL that is down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from tests.integration.embedded_postgresql import EmbeddedPostgresql


@asynccontextmanager
async def away(postgresql: EmbeddedPostgresql) -> AsyncIterator[None]:
    """Kill the server, and start it again when the block ends."""
    await anyio.to_thread.run_sync(postgresql.kill)
    try:
        yield
    finally:
        await anyio.to_thread.run_sync(postgresql.start)
