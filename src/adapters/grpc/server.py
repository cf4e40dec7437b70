"""The gRPC server and its application."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from logging import getLogger
from pathlib import Path

import grpc
import grpc.aio
from msgspec import Struct

from adapters.grpc.call import GrpcLimits, ShutdownSignal
from adapters.grpc.dispatch import Method, RpcDispatcher
from adapters.grpc.generate_invitation_tokens import GenerateInvitationTokensMethod
from adapters.grpc.generate_invitation_tokens_stream import GenerateInvitationTokensStreamMethod
from adapters.grpc.health import Health, Reflection
from adapters.grpc.messages import HEALTH, REFLECTION, path_of
from adapters.grpc.operation_calls import OperationCalls, TokenRequests
from adapters.grpc.query_patient_status import QueryPatientStatusMethod
from adapters.serving.in_flight_limit import InFlightLimit
from adapters.serving.request_log import Observe, describe
from application.audit_recorder import AuditRecorder
from application.authorise_caller import AuthoriseCaller
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.ports.system import ReadinessCheck
from application.query_patient_status import QueryPatientStatus


class TlsFiles(Struct, frozen=True):
    """PEM files: certificate and key of the server, and those who sign the certificates of its clients.

    With `client_ca`, a client without a certificate of theirs is not let in.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def credentials(self) -> grpc.ServerCredentials:
        """Read the files. Raises OSError."""
        pair = (self.key.read_bytes(), self.certificate.read_bytes())
        authorities = self.client_ca.read_bytes() if self.client_ca else None
        return grpc.ssl_server_credentials([pair], authorities, require_client_auth=authorities is not None)


_logger = getLogger("invitations.grpc")

DRAIN_SECONDS = 10.0
"""How long calls under way may take to end once the service is told to stop."""

_LOOK_SECONDS = 0.2
"""How soon a server that broke down is replaced."""

_ARGUMENTS = (
    # each worker listens on the same port
    ("grpc.so_reuseport", 1),
    # callers that vanished without a word are found by pings
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
)


class GrpcServer:
    """Listens for calls, from start to stop.

    A path that is not UTF-8 breaks the library's server down, which anybody can send. What is under way
    then goes on, and another server takes its place.
    """

    def __init__(
        self, answering: RpcDispatcher, stopping: ShutdownSignal, message_bytes: int, tls: TlsFiles | None
    ) -> None:
        """Open nothing yet. Every call goes through the `interceptors` that are there at the start."""
        self.interceptors: Sequence[grpc.aio.ServerInterceptor] = ()
        self._answering = answering
        self._stopping = stopping
        # what is larger than allowed is refused in our words, unless it is much larger
        self._arguments = (*_ARGUMENTS, ("grpc.max_receive_message_length", 2 * message_bytes))
        self._tls = tls
        self._address = ""
        self._server: grpc.aio.Server | None = None
        self._replacing: asyncio.Task[None] | None = None

    async def start(self, address: str) -> None:
        """Listen on an address and port. Raises RuntimeError or OSError."""
        self._address = address
        self._server = await self._started()
        self._replacing = asyncio.create_task(self._replace(self._server))

    async def stop(self) -> None:
        """Take no more calls, and end those under way; the service has to be started for that."""
        self._stopping.begin()
        if self._replacing is not None:
            self._replacing.cancel()
        if self._server is not None:
            await self._server.stop(DRAIN_SECONDS)

    async def _started(self) -> grpc.aio.Server:
        server = grpc.aio.server(options=self._arguments, interceptors=self.interceptors)
        server.add_generic_rpc_handlers([self._answering])
        if self._tls is None:
            server.add_insecure_port(self._address)
        else:
            server.add_secure_port(self._address, self._tls.credentials())
        await server.start()
        return server

    async def _replace(self, server: grpc.aio.Server) -> None:
        while True:
            try:
                await server.wait_for_termination(_LOOK_SECONDS)
            except Exception as broken:  # noqa: BLE001 - whatever broke it down
                _logger.error("server broke down", extra=describe(broken))  # noqa: TRY400 - its text stays out
                server = self._server = await self._started_again()

    async def _started_again(self) -> grpc.aio.Server:
        while True:
            try:
                return await self._started()
            except (RuntimeError, OSError) as error:
                # somebody else may have the port for a moment
                _logger.error("server not replaced yet", extra=describe(error))  # noqa: TRY400 - its text stays out
                await asyncio.sleep(_LOOK_SECONDS)


class GrpcOperations(Struct, frozen=True):
    """What callers can ask for, and what lets them; `around_batch` surrounds each batch of a stream."""

    authorise_caller: AuthoriseCaller
    record: AuditRecorder
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    around_batch: Callable[[], AbstractContextManager[None]] = nullcontext


def operation_methods(operations: GrpcOperations, places: InFlightLimit) -> Mapping[str, Method]:
    """Give the methods for authorised callers by their paths."""
    calls = OperationCalls(operations.authorise_caller, operations.record)
    requests = TokenRequests(calls, operations.generate)
    return {
        path_of("GenerateInvitationTokens"): GenerateInvitationTokensMethod(calls, requests),
        path_of("GenerateInvitationTokensStream"): GenerateInvitationTokensStreamMethod(
            calls, requests, places, operations.around_batch
        ),
        path_of("QueryPatientStatus"): QueryPatientStatusMethod(calls, operations.query_status),
    }


def open_methods(readiness_checks: Sequence[ReadinessCheck]) -> Mapping[str, Method]:
    """Give the methods for everybody by their paths."""
    health = Health(readiness_checks)
    return {
        f"/{HEALTH}/Check": health.check,
        f"/{HEALTH}/Watch": health.watch,
        f"/{REFLECTION}/ServerReflectionInfo": Reflection(),
    }


def create_grpc_server(
    operations: GrpcOperations,
    readiness_checks: Sequence[ReadinessCheck],
    limits: GrpcLimits,
    tls: TlsFiles | None,
    observe: Observe,
) -> GrpcServer:
    """Put the methods together."""
    stopping = ShutdownSignal()
    answering = RpcDispatcher(
        operation_methods(operations, limits.places),
        open_methods(readiness_checks),
        limits,
        stopping,
        observe,
    )
    return GrpcServer(answering, stopping, limits.call.message_bytes, tls)
