"""A refusal as gRPC says it."""

from collections.abc import Mapping, Sequence

from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode
from msgspec import Struct

from adapters.grpc.messages import SERVICE
from domain.rate_limits import Throttled

DETAILS_METADATA = "grpc-status-details-bin"
"""Where details go: https://github.com/grpc/proposal/blob/master/G1-true-binary-metadata.md"""

MAX_FIELDS = 100
"""How many fields at fault are named: many clients take no more than 8 kB of metadata."""

_MAX_TEXT = 2_000

_NAMES: Mapping[object, str] = {code.value[0]: code.name for code in StatusCode}


class Refusal(Struct, frozen=True):
    """Status code and details.

    `reason` is a word for machines, `metadata` goes with it, `sentence` is fixed, `fields` are those of the
    message or the metadata that are at fault, `request_id` is to be reported.
    """

    code: StatusCode
    reason: str
    sentence: str
    metadata: Mapping[str, str] = {}
    fields: Sequence[str] = ()
    retry_after_seconds: int | None = None
    request_id: str | None = None

    @property
    def number(self) -> int:
        """The status code as it is sent."""
        return number_of(self.code)

    def status(self) -> Status:
        """Write code, sentence and details.

        Source: https://google.aip.dev/193
        """
        return Status(
            code=self.number, message=self.sentence, details=[_packed(each) for each in self._details()]
        )

    def _details(self) -> list[Message]:
        details: list[Message] = [ErrorInfo(reason=self.reason, domain=SERVICE, metadata=self.metadata)]
        if self.fields:
            violations = [BadRequest.FieldViolation(field=field) for field in self.fields[:MAX_FIELDS]]
            details.append(BadRequest(field_violations=violations))
        if self.retry_after_seconds is not None:
            details.append(RetryInfo(retry_delay=Duration(seconds=self.retry_after_seconds)))
        if self.request_id is not None:
            details.append(RequestInfo(request_id=self.request_id))
        return details


def number_of(code: StatusCode) -> int:
    """Give the number of a status code."""
    number: int = code.value[0]
    return number


def name_of(number: object) -> str:
    """Give the name of a status code."""
    return _NAMES[number]


def at_positions(positions: Sequence[int]) -> Mapping[str, str]:
    """Name all positions, counted from 0, in as few characters as it takes: runs by their first and last."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and position == runs[-1][-1] + 1:
            runs[-1][1:] = [position]
        else:
            runs.append([position])
    text = ",".join("-".join(map(str, run)) for run in runs)
    if len(text) > _MAX_TEXT:
        text = text[:_MAX_TEXT].rpartition(",")[0] + ",..."
    return {"positions": text}


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed


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
