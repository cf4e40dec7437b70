"""The error table, third part: what is beyond the limits, and what goes wrong on our side."""

from grpc import StatusCode

from adapters.grpc.refusal import Refusal
from domain.allowance import Throttled

RETRY_AFTER_SECONDS = 2

UNKNOWN_METHOD = Refusal(StatusCode.UNIMPLEMENTED, "METHOD_UNKNOWN", "There is no method of this name.")

UNKNOWN_SERVICE = Refusal(StatusCode.NOT_FOUND, "SERVICE_UNKNOWN", "There is no service of this name.")

UNAVAILABLE = Refusal(
    StatusCode.UNAVAILABLE,
    "UNAVAILABLE",
    "The service cannot answer now. Nothing was lost; try again later.",
    retry_after_seconds=RETRY_AFTER_SECONDS,
)

STOPPING = Refusal(
    StatusCode.UNAVAILABLE,
    "STOPPING",
    "The service is about to stop, and takes no more batches. Send again what was not answered.",
    retry_after_seconds=RETRY_AFTER_SECONDS,
)


def too_many_requests(throttled: Throttled) -> Refusal:
    """Say when to come back."""
    return Refusal(
        StatusCode.RESOURCE_EXHAUSTED,
        "THROTTLED",
        "You have asked for more in a short time than the service gives you. Wait, then try again.",
        retry_after_seconds=throttled.retry_after_seconds,
    )


def unexpected(request_id: str) -> Refusal:
    """Admit a bug, telling nothing of it but the id under which it is logged."""
    return Refusal(
        StatusCode.INTERNAL,
        "UNEXPECTED",
        f"An unexpected error occurred. If it persists, report the request id {request_id}.",
        request_id=request_id,
    )
