"""A key server on loopback that counts its requests, and fails on command."""

import asyncio
import contextlib
import json
import re
import ssl
from collections.abc import AsyncIterator, Mapping

from msgspec import Struct

JWKS_PATH = "/keys"

_LENGTH = re.compile(rb"^content-length: (\d+)", re.IGNORECASE | re.MULTILINE)


class Answer(Struct, frozen=True):
    """The answer of the server for a path."""

    body: bytes = b""
    status: int = 200
    headers: tuple[str, ...] = ()
    endless: bool = False
    """Whether the body is repeated for ever."""
    drip_seconds: float = 0.0
    """The pause before each repetition."""


class KeyServer:
    """Answers from a table of paths; everything else is 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[str] = []
        self.answers: dict[str, Answer] = {}
        self._served: set[asyncio.Task[None]] = set()
        self._responsive = asyncio.Event()
        self._responsive.set()
        self._asked = asyncio.Event()
        self._port = 0
        self._tls = tls
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.address}"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def jwks_url(self) -> str:
        return self.url + JWKS_PATH

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._responsive.set()
        for task in list(self._served):
            task.cancel()
        await asyncio.gather(*self._served, return_exceptions=True)

    def publish(self, *keys: Mapping[str, object]) -> None:
        self.answer(JWKS_PATH, {"keys": keys})

    def answer(self, path: str, document: object) -> None:
        self.answers[path] = Answer(json.dumps(document).encode())

    def fail(self, status: int = 500) -> None:
        self.answers[JWKS_PATH] = Answer(b"out of order", status)

    def hang(self) -> None:
        self._responsive.clear()
        self._asked.clear()

    def recover(self) -> None:
        self._responsive.set()

    async def is_asked(self) -> None:
        """Wait for a request, the first one ever or the first one that finds the server hanging."""
        await self._asked.wait()

    def find_answer(self, path: str, head: str, body: str) -> Answer:
        return self.answers.get(path, Answer(b"no such page", 404))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._served.add(task)
        gone = (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError)
        with contextlib.suppress(*gone):
            try:
                if self._tls is not None:
                    await writer.start_tls(self._tls)
                await self._exchange(reader, writer)
            finally:
                self._served.discard(task)
                writer.close()
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length else b""
        path = head.split(b" ")[1].decode()
        self.requests.append(path)
        self._asked.set()
        await self._responsive.wait()
        answer = self.find_answer(path, head.decode(), body.decode())
        fields = [f"HTTP/1.1 {answer.status} whatever", "Connection: close", *answer.headers]
        writer.write("\r\n".join([*fields, "", ""]).encode())
        writer.write(answer.body)
        await writer.drain()
        while answer.endless:
            await asyncio.sleep(answer.drip_seconds)
            writer.write(answer.body)
            await writer.drain()


@contextlib.asynccontextmanager
async def running_key_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[KeyServer]:
    server = KeyServer(tls)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
