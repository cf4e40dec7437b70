"""The gRPC application."""

from collections.abc import Sequence

from msgspec import Struct

from adapters.door.places import Places
from adapters.grpc.answering import Answering
from adapters.grpc.call import CallLimits
from adapters.grpc.methods import GrpcOperations, open_methods, operation_methods
from adapters.grpc.server import GrpcServer
from adapters.grpc.stopping import Stopping
from adapters.grpc.tls import TlsFiles
from application.ports.readiness_check import ReadinessCheck


class GrpcLimits(Struct, frozen=True):
    """What one process takes: of a call, and of calls in work at once."""

    call: CallLimits
    places: Places


def create_grpc_server(
    operations: GrpcOperations,
    readiness_checks: Sequence[ReadinessCheck],
    limits: GrpcLimits,
    tls: TlsFiles | None,
) -> GrpcServer:
    """Put the methods together."""
    stopping = Stopping()
    answering = Answering(
        operation_methods(operations, limits.places),
        open_methods(readiness_checks),
        limits.places,
        limits.call,
        stopping,
    )
    return GrpcServer(answering, stopping, limits.call.message_bytes, tls)
