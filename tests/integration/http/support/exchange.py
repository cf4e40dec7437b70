"""A raw request, as an ASGI server passes it on."""

from collections.abc import MutableMapping, Sequence
from typing import Any
from urllib.parse import unquote

from msgspec import Struct

from adapters.http.bodies import AsgiApp


class Request(Struct, frozen=True):
    """A request, its body in the pieces in which it arrives."""

    method: str
    path: str
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    body: Sequence[bytes]


class Answer(Struct, frozen=True):
    """What the application sent."""

    status: int
    headers: dict[str, str]
    body: bytes


async def exchange(app: AsgiApp, request: Request) -> Answer:
    """Give the application a request, and take its answer."""
    left = list(request.body)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        piece = left.pop(0) if left else b""
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(_scope(request), receive, send)
    start, *pieces = sent
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(piece.get("body", b"") for piece in pieces))


def _scope(request: Request) -> MutableMapping[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "method": request.method,
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "root_path": "",
        "query_string": request.query,
        "headers": [(b"host", b"service.test"), *((name.lower(), value) for name, value in request.headers)],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8080),
        "extensions": {},
        "state": {},
    }
