"""Subjects that are called over HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

from msgspec.structs import replace

from adapters.fhir.operations import GENERATE_INVITATION_TOKENS, STATUS_QUERY
from benchmarks.access import BASE_URL, ORGANISATION
from benchmarks.http_connection import HttpConnection, http_request
from benchmarks.process_group import ProcessGroup
from benchmarks.server_process import ServerProcess
from benchmarks.subject import Send, Subject
from domain.identifiers import RequestedIdentifier
from entrypoints.demo.service import Call, generate_call

_HEADERS_END = b"\r\n\r\n"


class HttpSubject(Subject):
    """Asks one or more servers for invitation tokens, client after client in turn."""

    operation = GENERATE_INVITATION_TOKENS
    counted = b'"patientTokens"'
    """What an answer has once for each patient."""

    def __init__(self, name: str, access_token: str, *servers: ServerProcess) -> None:
        """Measure servers that are independent of each other."""
        self.name = name
        self._access_token = access_token
        self._ports = [server.port for server in servers]
        self._processes = [ProcessGroup(server.pid) for server in servers]

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> bytes:
        """Write the request as it goes over the wire."""
        return http_request(self._call(identifiers))

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

    def answered(self, answer: bytes) -> int:
        """Count the patients in an answer."""
        return answer.count(self.counted)

    def _call(self, identifiers: Sequence[RequestedIdentifier]) -> Call:
        call = generate_call(BASE_URL, self._access_token, ORGANISATION, identifiers)
        return replace(call, url=BASE_URL + self.operation.path.removeprefix("/fhir"))

    def _send_by(self, connection: HttpConnection) -> Send:
        async def send(request: bytes) -> int:
            return self.answered(await connection.send(request))

        return send


class IdempotentHttpSubject(HttpSubject):
    """Sends each request with a key of its own, so that the service stores it."""

    def _send_by(self, connection: HttpConnection) -> Send:
        async def send(request: bytes) -> int:
            key = f"\r\nIdempotency-Key: {uuid4()}".encode()
            head, end, body = request.partition(_HEADERS_END)
            return self.answered(await connection.send(b"".join((head, key, end, body))))

        return send


class StatusQuerySubject(HttpSubject):
    """Asks for the status of patients instead."""

    operation = STATUS_QUERY
    counted = b'"patientStatus"'
