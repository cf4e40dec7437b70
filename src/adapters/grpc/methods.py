"""Which methods there are, and what answers them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from msgspec import Struct

from adapters.door.places import Places
from adapters.grpc.generate_invitation_tokens import GenerateInvitationTokensMethod
from adapters.grpc.generate_invitation_tokens_stream import GenerateInvitationTokensStreamMethod
from adapters.grpc.health import Health
from adapters.grpc.method import Method
from adapters.grpc.operation_calls import OperationCalls
from adapters.grpc.query_patient_status import QueryPatientStatusMethod
from adapters.grpc.reflection import Reflection
from adapters.grpc.service import HEALTH, REFLECTION, path_of
from adapters.grpc.token_requests import TokenRequests
from application.authorise_caller import AuthoriseCaller
from application.generate_invitation_tokens import GenerateInvitationTokens
from application.ports.readiness_check import ReadinessCheck
from application.query_patient_status import QueryPatientStatus
from application.record_call import RecordCall


class GrpcOperations(Struct, frozen=True):
    """What callers can ask for, and what lets them; `around_batch` surrounds each batch of a stream."""

    authorise_caller: AuthoriseCaller
    record: RecordCall
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    around_batch: Callable[[], AbstractContextManager[None]] = nullcontext


def operation_methods(operations: GrpcOperations, places: Places) -> Mapping[str, Method]:
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
