"""Ways to break all connections of a service to PostgreSQL at once.

Each takes the proxy before the server, and the URL of the database.
"""

import os
import signal

import asyncpg

from tests.integration.faults.support.backends import Backends, watching
from tests.integration.faults.support.proxy import Proxy
from tests.integration.faults.support.waiting import until


async def reset(proxy: Proxy, _url: str) -> None:
    """Break them as a crashed host does."""
    assert proxy.reset() > 0


async def terminate(_proxy: Proxy, url: str) -> None:
    """End them as an administrator does."""
    async with watching(url) as backends:
        assert await backends.terminate() > 0


async def cancel(_proxy: Proxy, url: str) -> None:
    """Cancel their statements, and leave them open."""
    async with watching(url) as backends:
        await backends.cancel()


async def crash(_proxy: Proxy, url: str) -> None:
    """Kill the process behind one of them: the server then ends all others, and recovers."""
    async with watching(url) as backends:
        [process, *_] = await backends.process_ids()
        os.kill(process, signal.SIGKILL)

        async def is_noticed() -> bool:
            return not await _answers(backends)

        await until(is_noticed)

    async def is_back() -> bool:
        try:
            async with watching(url) as others:
                return await _answers(others)
        except (OSError, asyncpg.PostgresError):
            return False

    await until(is_back)


async def _answers(backends: Backends) -> bool:
    try:
        await backends.count()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
