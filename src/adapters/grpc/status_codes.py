"""Refusals as gRPC writes them: a status code, a sentence, and details."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode
from msgspec import Struct

from adapters.grpc.messages import (
    SERVICE,
    BatchMalformed,
    CallerGone,
    FieldsMissing,
    MessageNotReadable,
    MessageNotReceived,
    MessageRefused,
    MessageTooLarge,
    ReasonMissing,
    SelectionRefused,
)
from adapters.serving import refusals as catalogue
from adapters.serving.refusals import Kind, Part, Terms
from domain.idempotency import MalformedIdempotencyKey

AUTHORIZATION = "authorization"
ORGANISATION = "x-org-public-id"

STREAM_KEY_LENGTH = 240
"""The longest key of a stream: the number of a batch has to fit behind it."""

_IDENTIFIERS = "identifiers"
_KEY = "idempotency_key"
_BATCH = "batch"

_TERMS = Terms(
    access_token=f"metadata {AUTHORIZATION}",
    organisation=f"metadata {ORGANISATION}",
    key=_KEY,
    key_field=_KEY,
    key_rule=f"that of a stream {STREAM_KEY_LENGTH}",
    identifier="identifier",
    identifiers=_IDENTIFIERS,
    identifier_system="identifier system",
    content="message",
)

DETAILS_METADATA = "grpc-status-details-bin"
"""The metadata for details: https://github.com/grpc/proposal/blob/master/G1-true-binary-metadata.md"""

MAX_FIELDS = 100
"""How many fields at fault a refusal names: many clients take no more than 8 kB of metadata."""

_MAX_TEXT = 2_000

_NAMES: Mapping[object, str] = {code.value[0]: code.name for code in StatusCode}


class Refusal(Struct, frozen=True):
    """Status code and details.

    `reason` is a word for programs, and `metadata` goes with it. `fields` are those of the message or the
    metadata that are at fault. The caller can report `request_id`.
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


def _packed(detail: Message) -> Any:
    packed = Any()
    packed.Pack(detail)
    return packed


CODES = {
    Kind.ACCESS_TOKEN_MISSING: StatusCode.UNAUTHENTICATED,
    Kind.ACCESS_TOKEN_INVALID: StatusCode.UNAUTHENTICATED,
    Kind.ACCESS_TOKEN_EXPIRED: StatusCode.UNAUTHENTICATED,
    Kind.SCOPE_MISSING: StatusCode.PERMISSION_DENIED,
    Kind.FORBIDDEN: StatusCode.PERMISSION_DENIED,
    Kind.REQUIRED: StatusCode.INVALID_ARGUMENT,
    Kind.VALUE: StatusCode.INVALID_ARGUMENT,
    Kind.NOT_SUPPORTED: StatusCode.INVALID_ARGUMENT,
    Kind.TOO_MANY: StatusCode.INVALID_ARGUMENT,
    Kind.TOO_LARGE: StatusCode.RESOURCE_EXHAUSTED,
    Kind.TIMEOUT: StatusCode.DEADLINE_EXCEEDED,
    Kind.CONFLICT: StatusCode.FAILED_PRECONDITION,
    Kind.IN_PROGRESS: StatusCode.ABORTED,
    Kind.REVOKED: StatusCode.FAILED_PRECONDITION,
    Kind.NOT_FOUND: StatusCode.NOT_FOUND,
    Kind.THROTTLED: StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: StatusCode.UNAVAILABLE,
    Kind.UNEXPECTED: StatusCode.INTERNAL,
    Kind.NOT_PROVED: StatusCode.PERMISSION_DENIED,
    Kind.EXPIRED: StatusCode.FAILED_PRECONDITION,
    Kind.LOCKED: StatusCode.RESOURCE_EXHAUSTED,
    Kind.INELIGIBLE: StatusCode.FAILED_PRECONDITION,
}


def grpc_refusal(refusal: catalogue.Refusal) -> Refusal:
    """Add to a refusal of the catalogue what gRPC needs."""
    code = CODES[refusal.kind]
    scope = {} if refusal.scope is None else {"scope": refusal.scope}
    return Refusal(
        code,
        refusal.reason,
        refusal.sentence_in(_TERMS),
        {**scope, **_positions(refusal.positions)},
        _fields(refusal) if code is StatusCode.INVALID_ARGUMENT else (),
        refusal.retry_after_seconds,
        refusal.request_id,
    )


def _fields(refusal: catalogue.Refusal) -> Sequence[str]:
    match refusal.part:
        case Part.ACCESS_TOKEN:
            return [AUTHORIZATION]
        case Part.ORGANISATION:
            return [ORGANISATION]
        case Part.IDEMPOTENCY_KEY:
            return [_KEY]
        case Part.IDENTIFIERS:
            each = [f"{_IDENTIFIERS}[{position}].system" for position in refusal.positions]
            return each or [_IDENTIFIERS]
        case Part.BATCH:
            return [_BATCH]
        case None:
            return ()
        case _:
            assert_never(refusal.part)


def _positions(positions: Sequence[int]) -> Mapping[str, str]:
    """Name all positions in a short form, runs of them by their ends: 0-3,17."""
    if not positions:
        return {}
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][-1] == position - 1:
            runs[-1][1:] = [position]
        else:
            runs.append([position])
    text = ",".join("-".join(map(str, run)) for run in runs)
    if len(text) > _MAX_TEXT:
        text = text[:_MAX_TEXT].rpartition(",")[0] + ",..."
    return {"positions": text}


UNKNOWN_METHOD = Refusal(StatusCode.UNIMPLEMENTED, "METHOD_UNKNOWN", "There is no method of this name.")
UNKNOWN_SERVICE = Refusal(StatusCode.NOT_FOUND, "SERVICE_UNKNOWN", "There is no service of this name.")

_NOT_READABLE = Refusal(
    StatusCode.INVALID_ARGUMENT,
    "MESSAGE_NOT_READABLE",
    "There is no message, or it is not one of the type that the method takes.",
)

_SELECTION_REFUSED = Refusal(
    StatusCode.INVALID_ARGUMENT,
    "IDENTIFIERS_OR_BATCH",
    "Send either identifiers or a batch, not both.",
    fields=(_IDENTIFIERS, _BATCH),
)
_BATCH_MALFORMED = Refusal(
    StatusCode.INVALID_ARGUMENT, "BATCH_MALFORMED", "The batch takes a UUID.", fields=(_BATCH,)
)
_REASON_MISSING = Refusal(
    StatusCode.INVALID_ARGUMENT, "REASON_MISSING", "Send the reason of the revocation.", fields=("reason",)
)

RequestRefused: TypeAlias = MessageRefused | MalformedIdempotencyKey
"""Why a request cannot be read."""


def request_refusal(refused: RequestRefused) -> Refusal:
    """Say why a request cannot be read."""
    match refused:
        case MessageNotReadable():
            return _NOT_READABLE
        case MessageNotReceived() | CallerGone():
            return grpc_refusal(catalogue.NOT_RECEIVED)
        case MessageTooLarge():
            return grpc_refusal(catalogue.TOO_LARGE)
        case FieldsMissing(fields, positions):
            sentence = "Each identifier needs a system and a value."
            return Refusal(
                StatusCode.INVALID_ARGUMENT, "FIELDS_MISSING", sentence, _positions(positions), fields
            )
        case SelectionRefused():
            return _SELECTION_REFUSED
        case BatchMalformed():
            return _BATCH_MALFORMED
        case ReasonMissing():
            return _REASON_MISSING
        case MalformedIdempotencyKey():
            return grpc_refusal(catalogue.MALFORMED_IDEMPOTENCY_KEY)
        case _:
            assert_never(refused)
