"""The gRPC application."""

from collections.abc import Sequence

from adapters.door.log_line import Observe
from adapters.grpc.answering import Answering
from adapters.grpc.call import GrpcLimits
from adapters.grpc.methods import GrpcOperations, open_methods, operation_methods
from adapters.grpc.server import GrpcServer
from adapters.grpc.stopping import Stopping
from adapters.grpc.tls import TlsFiles
from application.ports.readiness_check import ReadinessCheck


def create_grpc_server(
    operations: GrpcOperations,
    readiness_checks: Sequence[ReadinessCheck],
    limits: GrpcLimits,
    tls: TlsFiles | None,
    observe: Observe,
) -> GrpcServer:
    """Put the methods together."""
    stopping = Stopping()
    answering = Answering(
        operation_methods(operations, limits.places),
        open_methods(readiness_checks),
        limits,
        stopping,
        observe,
    )
    return GrpcServer(answering, stopping, limits.call.message_bytes, tls)
