"""A gate between the client and a service, which lets a number of requests pass and holds the next ones."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from anyio.from_thread import BlockingPortal, start_blocking_portal

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Gate:
    """Passes requests on to a port, in an event loop of its own."""

    def __init__(self, upstream: int, portal: BlockingPortal) -> None:
        self.port = 0
        self._upstream = upstream
        self._portal = portal
        self._left: int | None = 0
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def let_pass(self, requests: int | None) -> None:
        """Break all connections; let so many requests pass from now on, or all, and hold the next ones."""
        self._portal.call(self._let_pass, requests)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._let_pass(0)

    async def _let_pass(self, requests: int | None) -> None:
        broken = [*self._connections]
        for connection in broken:
            connection.cancel()
        await asyncio.gather(*broken, return_exceptions=True)
        self._left = requests

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with suppress(OSError, EOFError, asyncio.CancelledError):
                answers, upstream = await asyncio.open_connection("127.0.0.1", self._upstream)
                with_answers = asyncio.ensure_future(_pass_on(answers, writer))
                try:
                    await self._pass_requests(reader, upstream)
                finally:
                    with_answers.cancel()
                    upstream.close()
        finally:
            self._connections.discard(task)
            writer.close()

    async def _pass_requests(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            if self._left == 0:
                # until the connection is broken
                await asyncio.Event().wait()
            if self._left is not None:
                self._left -= 1
            upstream.write(head + body)
            await upstream.drain()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()


@contextmanager
def running_gate(upstream: int) -> Iterator[Gate]:
    """Put a gate before a port of this machine. It is closed until a test opens it."""
    with start_blocking_portal("asyncio") as portal:
        gate = Gate(upstream, portal)
        portal.call(gate.start)
        try:
            yield gate
        finally:
            portal.call(gate.stop)
