"""Refusals, whole: the status, and the details as the standard's own library reads them."""

from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RequestInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status


@dataclass(frozen=True)
class Refused:
    """A refusal as the caller sees it. It is a dataclass, because pytest then shows differences."""

    code: grpc.StatusCode
    sentence: str
    reason: str
    metadata: dict[str, str] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    retry_after: int | None = None
    request_id: str | None = None


def refusal_in(status: Status) -> Refused:
    """Read a status, and check that each detail is allowed and occurs once."""
    found = {}
    for detail in status.details:
        for kind in (ErrorInfo, BadRequest, RetryInfo, RequestInfo):
            if detail.Is(kind.DESCRIPTOR):
                assert kind not in found
                found[kind] = kind.FromString(detail.value)
    assert len(found) == len(status.details)
    info = found[ErrorInfo]
    assert info.domain == "invitations.v1.InvitationTokens"
    return Refused(
        code=next(code for code in grpc.StatusCode if code.value[0] == status.code),
        sentence=status.message,
        reason=info.reason,
        metadata=dict(info.metadata),
        fields=[each.field for each in found[BadRequest].field_violations] if BadRequest in found else [],
        retry_after=found[RetryInfo].retry_delay.seconds if RetryInfo in found else None,
        request_id=found[RequestInfo].request_id if RequestInfo in found else None,
    )


def refusal_of(error: Exception) -> Refused:
    """Read what a call raised."""
    status = rpc_status.from_call(error)
    assert status is not None, error
    return refusal_in(status)


def trailing(call: Any) -> dict[str, str | bytes]:
    """Give the trailing metadata of a call, or of what it raised."""
    return dict(call.trailing_metadata() or ())
