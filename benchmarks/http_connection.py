"""A minimal HTTP client, because its cost would slow down the servers that it measures."""

import asyncio
import re

from entrypoints.demo.service import Call

_OK = b"HTTP/1.1 200"
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


class HttpConnection:
    """A persistent connection that sends one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Use `open` instead."""
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "HttpConnection":
        """Connect to a port of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, request: bytes) -> bytes:
        """Send what `http_request` wrote, and return the body of the answer, which must be 200."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        if not head.startswith(_OK):
            raise RuntimeError(f"unexpected answer: {head!r}{body!r}")
        return body

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()


def http_request(call: Call) -> bytes:
    """Write the bytes of a call."""
    path = "/" + call.url.split("/", 3)[3]
    headers = {**call.headers, "Host": "127.0.0.1", "Content-Length": str(len(call.body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + call.body
