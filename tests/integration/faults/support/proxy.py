"""A TCP proxy between the service and PostgreSQL, which fails on command."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from anyio.from_thread import BlockingPortal, start_blocking_portal

# closing a socket that lingers for 0 seconds sends RST
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_CHUNK_BYTES = 65_536


class Proxy:
    """Passes connections on to a port, unless a test makes them fail.

    It has an event loop of its own, so that it works while a test waits for something else.
    """

    def __init__(self, upstream: int, portal: BlockingPortal) -> None:
        self.port = 0
        self.passed = 0
        """Bytes passed on so far, in both directions."""
        self._upstream = upstream
        self._portal = portal
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._left: int | None = None
        self._connections: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}
        self._server: asyncio.Server | None = None

    def reset(self) -> int:
        """Break every connection by RST, and return their number."""
        return self._portal.call(self._reset)

    def cut_after(self, count: int) -> None:
        """Pass on so many more bytes, whichever way they go; then break every connection by RST.

        A reset before that takes it back.
        """
        self._portal.call(setattr, self, "_left", count)

    def hold_back(self) -> None:
        """Pass nothing on, like a network that drops every packet. New connections get no answer either."""
        self._portal.call(self._flowing.clear)

    def let_through(self) -> None:
        """Pass on the delayed bytes, and all later ones."""
        self._portal.call(self._flowing.set)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._reset()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _reset(self) -> int:
        self._left = None
        for writers in self._connections.values():
            for writer in writers:
                with suppress(OSError):
                    writer.get_extra_info("socket").setsockopt(
                        socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE
                    )
                writer.transport.abort()
        return len(self._connections)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = (writer,)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._flowing.wait()
                upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self._upstream)
                self._connections[task] = (writer, upstream)
                await asyncio.gather(self._pump(reader, upstream), self._pump(upstream_reader, writer))
        finally:
            for each in self._connections.pop(task):
                each.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK_BYTES):
            await self._flowing.wait()
            if self._left is not None and self._left <= len(data):
                writer.write(data[: self._left])
                self._reset()
                return
            if self._left is not None:
                self._left -= len(data)
            self.passed += len(data)
            writer.write(data)
            await writer.drain()
        # neither side sends to a closed connection
        writer.close()


@contextmanager
def running_proxy(upstream: int) -> Iterator[Proxy]:
    with start_blocking_portal("asyncio") as portal:
        proxy = Proxy(upstream, portal)
        portal.call(proxy.start)
        try:
            yield proxy
        finally:
            portal.call(proxy.stop)
