"""The rate limits of a process."""

import gc
from collections.abc import Callable

import pytest
from returns.result import Success

from adapters.serving.rate_limits import InProcessRateLimits
from domain.access import Grant
from tests.builders import a_grant
from tests.contracts.rate_limits_contract import RateLimitsContract

SECOND = 1_000_000_000
MANY = 10_100
KEPT_AT_MOST = 10_000


class Stopwatch:
    """Gives nanoseconds, which pass only when a test says so."""

    def __init__(self) -> None:
        self.nanoseconds = 0

    def __call__(self) -> int:
        return self.nanoseconds

    def wait(self, seconds: int) -> None:
        self.nanoseconds += seconds * SECOND


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def rate_limits(stopwatch: Stopwatch) -> InProcessRateLimits:
    return InProcessRateLimits(10, stopwatch)


class TestInProcessRateLimits(RateLimitsContract):
    @pytest.fixture
    def wait(self, stopwatch: Stopwatch) -> Callable[[int], None]:
        return stopwatch.wait


async def test_an_allowance_of_0_sets_no_limit(stopwatch: Stopwatch) -> None:
    unlimited = InProcessRateLimits(0, stopwatch)

    taken = [await unlimited.take(a_grant(), 1_000_000) for _ in range(3)]

    assert taken == [Success(None)] * 3


async def test_a_throttled_caller_is_not_forgotten_among_many_others(
    rate_limits: InProcessRateLimits,
) -> None:
    await rate_limits.take(a_grant("waits"), 10)
    for number in range(MANY):
        await rate_limits.take(a_grant(f"{number}"), 1)

    assert not isinstance(await rate_limits.take(a_grant("waits"), 1), Success)


async def test_an_idle_caller_is_forgotten_after_a_minute_when_there_are_many(
    rate_limits: InProcessRateLimits, stopwatch: Stopwatch
) -> None:
    for number in range(MANY):
        await rate_limits.take(a_grant(f"{number}"), 10)
        stopwatch.wait(1)

    assert sum(isinstance(each, Grant) for each in gc.get_objects()) <= KEPT_AT_MOST
