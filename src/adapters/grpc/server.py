"""The gRPC server, and the methods that it serves."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from logging import getLogger

import grpc
import grpc.aio
from msgspec import Struct

from adapters.grpc.call import EndOfWaits, GrpcLimits, OperationCalls
from adapters.grpc.dispatch import Method, Methods, RpcDispatcher
from adapters.grpc.generate_invitation_tokens import GenerateInvitationTokensMethod, TokenRequests
from adapters.grpc.generate_invitation_tokens_stream import GenerateInvitationTokensStreamMethod, StreamLimits
from adapters.grpc.health import Health, Reflection
from adapters.grpc.library_server import AnyPathServer
from adapters.grpc.messages import HEALTH, REFLECTION, path_of
from adapters.grpc.query_patient_status import QueryPatientStatusMethod
from adapters.grpc.revoke_invitations import RevokeInvitationsMethod
from adapters.grpc.tls import TlsFiles
from adapters.serving.request_log import Observe
from application.audit_recorder import AuditRecorder
from application.authorise_caller import AuthoriseCaller
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.ports.system import ReadinessCheck
from application.query_patient_status import QueryPatientStatus
from application.revoke_invitations import RevokeInvitations

DRAIN_SECONDS = 10.0
"""How long calls in progress may take to end once the service is stopping."""

_ARGUMENTS = (
    # each worker listens on the same port
    ("grpc.so_reuseport", 1),
    # pings find the connections of callers that are gone
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # connections on which nothing happens
    ("grpc.server_handshake_timeout_ms", 5_000),
    ("grpc.max_connection_idle_ms", 300_000),
    # calls of one connection, most of which need no access token
    ("grpc.max_concurrent_streams", 100),
    # no compression: a small message could expand to a large one
    ("grpc.compression_enabled_algorithms_bitset", 1),
)


class GrpcServer:
    """Listens for calls, from start to stop."""

    def __init__(
        self, dispatcher: RpcDispatcher, stopping: EndOfWaits, limits: GrpcLimits, tls: TlsFiles | None
    ) -> None:
        """Open nothing yet. Set `interceptors` before the start; every call goes through them."""
        self.interceptors: Sequence[grpc.aio.ServerInterceptor] = ()
        self._dispatcher = dispatcher
        self._stopping = stopping
        # the dispatcher refuses messages above the limit, the library those that are twice as large
        self._arguments = (
            *_ARGUMENTS,
            ("grpc.max_receive_message_length", 2 * limits.call.message_bytes),
            ("grpc.max_allowed_incoming_connections", limits.connections),
        )
        self._tls = tls
        self._server: AnyPathServer | None = None

    async def start(self, address: str) -> None:
        """Listen on an address and port. Raises RuntimeError or OSError."""
        server = AnyPathServer(self._dispatcher.handlers(), self.interceptors, self._arguments)
        if self._tls is None:
            server.add_insecure_port(address)
        else:
            server.add_secure_port(address, _credentials(self._tls))
        await server.start()
        self._server = server
        getLogger("invitations.server").info("listening", extra={"address": address})

    async def stop(self) -> None:
        """Take no more calls, and end those in progress. Only for a server that was started."""
        self._stopping.begin()
        if self._server is not None:
            await self._server.stop(DRAIN_SECONDS)


class GrpcOperations(Struct, frozen=True):
    """The use cases behind the methods; each batch of a stream runs within `around_batch`."""

    authorise_caller: AuthoriseCaller
    record: AuditRecorder
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    revoke: RevokeInvitations
    around_batch: Callable[[], AbstractContextManager[None]] = nullcontext


def _operation_methods(operations: GrpcOperations, limits: GrpcLimits) -> Mapping[str, Method]:
    calls = OperationCalls(operations.authorise_caller, operations.record)
    requests = TokenRequests(calls, operations.generate)
    return {
        path_of("GenerateInvitationTokens"): GenerateInvitationTokensMethod(calls, requests),
        path_of("GenerateInvitationTokensStream"): GenerateInvitationTokensStreamMethod(
            calls, requests, StreamLimits(limits.in_flight, limits.streams), operations.around_batch
        ),
        path_of("QueryPatientStatus"): QueryPatientStatusMethod(calls, operations.query_status),
        path_of("RevokeInvitations"): RevokeInvitationsMethod(calls, operations.revoke),
    }


def _open_methods(readiness_checks: Sequence[ReadinessCheck]) -> Mapping[str, Method]:
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
    """Make the server, with a method for each operation, health and reflection."""
    stopping = EndOfWaits()
    methods = Methods(_operation_methods(operations, limits), _open_methods(readiness_checks))
    dispatcher = RpcDispatcher(methods, limits, stopping, observe)
    return GrpcServer(dispatcher, stopping, limits, tls)


def _credentials(files: TlsFiles) -> grpc.ServerCredentials:
    """Read the files. Raises OSError."""
    pair = (files.key.read_bytes(), files.certificate.read_bytes())
    authorities = files.client_ca.read_bytes() if files.client_ca else None
    return grpc.ssl_server_credentials([pair], authorities, require_client_auth=authorities is not None)
