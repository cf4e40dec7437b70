"""A caller cancels a call when the deadline has passed by its own clock, which is earlier than here."""

from typing import cast

import pytest
from grpc import StatusCode

from adapters.grpc.call import Context
from adapters.grpc.dispatch import cancellation_reason


class CancelledCall:
    """A call that ends with this many seconds left."""

    def __init__(self, left: float | None) -> None:
        self._left = left

    def time_remaining(self) -> float | None:
        return self._left


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        pytest.param(0, StatusCode.DEADLINE_EXCEEDED, id="deadline"),
        pytest.param(0.4, StatusCode.DEADLINE_EXCEEDED, id="deadline-of-a-call-that-was-long-on-its-way"),
        pytest.param(0.6, StatusCode.CANCELLED, id="hung-up"),
        pytest.param(None, StatusCode.CANCELLED, id="without-a-deadline"),
    ],
)
def test_a_call_that_ends_about_its_deadline_ends_by_it(left: float | None, reason: StatusCode) -> None:
    assert cancellation_reason(cast("Context", CancelledCall(left))) is reason
