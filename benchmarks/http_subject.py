"""Subjects that are called over HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

from benchmarks.access import BASE_URL, ORGANISATION
from benchmarks.http_connection import HttpConnection, http_request
from benchmarks.process_group import ProcessGroup
from benchmarks.server_process import ServerProcess
from benchmarks.subject import Send, Subject
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import generate_call

_OPERATION = b"POST /fhir/Organization/$generate-invitation-tokens "
_STATUS_QUERY = b"POST /fhir/Patient/$status-query "
_HEADERS_END = b"\r\n\r\n"


class HttpSubject(Subject):
    """Asks one or more servers for invitation tokens, client after client in turn."""

    def __init__(self, name: str, access_token: str, *servers: ServerProcess) -> None:
        """Measure servers that are independent of each other."""
        self.name = name
        self._access_token = access_token
        self._ports = [server.port for server in servers]
        self._processes = [ProcessGroup(server.pid) for server in servers]

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> bytes:
        """Write the request as it goes over the wire."""
        return http_request(generate_call(BASE_URL, self._access_token, ORGANISATION, identifiers))

    @asynccontextmanager
    async def connect(self, clients: int) -> AsyncIterator[Sequence[Send]]:
        """Open a connection for each client."""
        async with AsyncExitStack() as stack:
            connections = [
                await HttpConnection.open(self._ports[client % len(self._ports)]) for client in range(clients)
            ]
            for connection in connections:
                stack.push_async_callback(connection.close)
            yield [self._send_by(connection) for connection in connections]

    def cpu_seconds(self) -> float:
        """Give the processor time of all servers, and of their workers."""
        return sum(process.cpu_seconds() for process in self._processes)

    def _send_by(self, connection: HttpConnection) -> Send:
        async def send(request: bytes) -> int:
            return (await connection.send(request)).count(b'"patientTokens"')

        return send


class IdempotentHttpSubject(HttpSubject):
    """Sends each request with a key of its own, so that the service stores it."""

    def _send_by(self, connection: HttpConnection) -> Send:
        async def send(request: bytes) -> int:
            key = f"\r\nIdempotency-Key: {uuid4()}".encode()
            head, end, body = request.partition(_HEADERS_END)
            return (await connection.send(b"".join((head, key, end, body)))).count(b'"patientTokens"')

        return send


class StatusQuerySubject(HttpSubject):
    """Asks for the status of patients instead."""

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> bytes:
        """Write the request as it goes over the wire."""
        return super().prepare(identifiers).replace(_OPERATION, _STATUS_QUERY, 1)

    def _send_by(self, connection: HttpConnection) -> Send:
        async def send(request: bytes) -> int:
            return (await connection.send(request)).count(b'"patientStatus"')

        return send
