"""Waits for conditions with a time limit."""

import socket
import time
from collections.abc import Awaitable, Callable

import anyio

PATIENCE_SECONDS = 60
"""Far more time than any step needs, even on a busy machine."""

_PAUSE_SECONDS = 0.02


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await anyio.sleep(_PAUSE_SECONDS)


async def until_refusing_connections(port: int) -> None:
    """Wait until a port has no listener."""

    async def refuses() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS).close()
        except ConnectionRefusedError:
            return True
        except ConnectionResetError:
            # reached a socket that is just being closed
            return False
        return False

    await until(refuses)
