"""The error table, third part: what the framework refuses, and what goes wrong on our side."""

from collections.abc import Iterable

from adapters.fhir.operation_outcome import IssueType
from adapters.http.refusal import Refusal

RETRY_AFTER_SECONDS = "2"

NOT_FOUND = Refusal(404, IssueType.NOT_FOUND, "There is nothing at this path.")

BODY_NOT_RECEIVED = Refusal(408, IssueType.TIMEOUT, "The body was not received in time. Send it again.")

BODY_TOO_LARGE = Refusal(
    413, IssueType.TOO_LONG, "The body is larger than the service takes. Send less at once."
)

BAD_REQUEST = Refusal(400, IssueType.INVALID, "The request is not well-formed HTTP.")

UNAVAILABLE = Refusal(
    503,
    IssueType.TRANSIENT,
    "The service cannot answer now. Nothing was lost; try again later.",
    headers={"Retry-After": RETRY_AFTER_SECONDS},
)


def method_not_allowed(allowed: Iterable[str]) -> Refusal:
    """Refuse a method; `allowed` are those that the path takes."""
    methods = ", ".join(allowed)
    return Refusal(
        405,
        IssueType.NOT_SUPPORTED,
        f"The path does not take this method; it takes {methods}.",
        headers={"Allow": methods},
    )


def unexpected(request_id: str) -> Refusal:
    """Admit a bug, telling nothing of it but the id under which it is logged."""
    return Refusal(
        500,
        IssueType.EXCEPTION,
        f"An unexpected error occurred. If it persists, report the request id {request_id}.",
    )
