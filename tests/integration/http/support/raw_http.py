"""HTTP written byte by byte, for callers that hang up, are slow or send nonsense."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPResponse

import httpx

from tests.integration.http.support.call import OPERATION
from tests.integration.http.support.judge import judge_response

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_PATIENCE_SECONDS = 60


class RawConnection:
    """A raw connection."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def send_head(
        self, headers: Sequence[tuple[str, str]], *more: tuple[str, str], host: str | None = "service.test"
    ) -> None:
        named = [] if host is None else [("Host", host)]
        lines = [f"{name}: {value}" for name, value in (*named, *headers, *more)]
        self.send("\r\n".join([f"POST {OPERATION} HTTP/1.1", *lines, "", ""]).encode())

    def send(self, content: bytes) -> None:
        self._socket.sendall(content)

    def wait_for_continue(self) -> None:
        """Wait until the service asks for the body: the request is in its hands then."""
        assert self._socket.recv(len(CONTINUE), socket.MSG_WAITALL) == CONTINUE

    def receive(self) -> httpx.Response:
        answer = HTTPResponse(self._socket)
        answer.begin()
        request = httpx.Request("POST", f"http://service.test{OPERATION}")
        response = httpx.Response(
            answer.status, headers=answer.getheaders(), content=answer.read(), request=request
        )
        judge_response(response)
        return response

    def hang_up(self) -> None:
        self._socket.close()


@contextmanager
def connection(port: int) -> Iterator[RawConnection]:
    with socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS) as connected:
        yield RawConnection(connected)
