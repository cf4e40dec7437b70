"""The error table: a caller has asked for more than its allowance."""

from adapters.fhir.operation_outcome import IssueType
from adapters.http.refusal import Refusal
from domain.allowance import Throttled


def too_many_requests(throttled: Throttled) -> Refusal:
    """Say when to come back."""
    return Refusal(
        429,
        IssueType.THROTTLED,
        "You have asked for more in a short time than the service gives you. Wait, then try again.",
        headers={"Retry-After": str(throttled.retry_after_seconds)},
    )
