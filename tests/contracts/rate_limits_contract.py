"""The contract of `RateLimits`.

The consumer supplies the fixtures `rate_limits`, which allows ten a minute, and `wait`, which lets so
many seconds pass.
"""

from collections.abc import Callable
from typing import TypeAlias

import pytest
from returns.result import Failure, Result, Success

from application.ports.access import RateLimits
from domain.access import CallerAlone, Charged, RedemptionGrant
from domain.rate_limits import Throttled
from tests.builders import CLIENT, HOSPITAL, OTHER_HOSPITAL, a_grant

Wait: TypeAlias = Callable[[int], None]

A_MINUTES_WORTH = 10
GRANT = a_grant()


async def _take(allowances: RateLimits, *amounts: int) -> list[bool]:
    """Return for each amount whether it was granted."""
    return [isinstance(await allowances.take(GRANT, amount), Success) for amount in amounts]


def _seconds(taken: Result[None, Throttled]) -> int:
    return taken.failure().retry_after_seconds


class RateLimitsContract:
    async def test_the_allowance_of_a_minute_is_granted_and_no_more(self, rate_limits: RateLimits) -> None:
        assert await _take(rate_limits, *[1] * 11) == [True] * 10 + [False]

    async def test_an_amount_is_given_whole_or_not_at_all(self, rate_limits: RateLimits) -> None:
        assert await _take(rate_limits, 8, 3, 2, 1) == [True, False, True, False]

    async def test_more_than_the_allowance_is_granted_when_nothing_else_was(
        self, rate_limits: RateLimits
    ) -> None:
        assert await _take(rate_limits, 5_000, 1) == [True, False]

    async def test_more_than_the_allowance_is_not_granted_when_something_else_was(
        self, rate_limits: RateLimits
    ) -> None:
        assert await _take(rate_limits, 1, 5_000) == [True, False]

    async def test_the_refused_amount_is_granted_after_the_wait(
        self, rate_limits: RateLimits, wait: Wait
    ) -> None:
        await rate_limits.take(GRANT, A_MINUTES_WORTH)
        refused = await rate_limits.take(GRANT, 3)

        wait(_seconds(refused))

        assert await rate_limits.take(GRANT, 3) == Success(None)

    async def test_a_wait_for_the_allowance_of_a_minute_is_1_to_60_seconds(
        self, rate_limits: RateLimits
    ) -> None:
        await rate_limits.take(GRANT, A_MINUTES_WORTH)

        waits = [_seconds(await rate_limits.take(GRANT, amount)) for amount in (1, A_MINUTES_WORTH)]

        assert all(1 <= seconds <= 60 for seconds in waits)

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(a_grant("kiosk", HOSPITAL), id="client"),
            pytest.param(a_grant(CLIENT, OTHER_HOSPITAL), id="organisation"),
            pytest.param(CallerAlone(CLIENT), id="the-caller-alone"),
            pytest.param(RedemptionGrant(CLIENT), id="redemption"),
        ],
    )
    async def test_another_grant_has_an_allowance_of_its_own(
        self, rate_limits: RateLimits, other: Charged
    ) -> None:
        await rate_limits.take(GRANT, A_MINUTES_WORTH)

        taken = await rate_limits.take(other, A_MINUTES_WORTH)

        assert taken == Success(None)
        assert isinstance(await rate_limits.take(GRANT, 1), Failure)

    async def test_throttling_is_to_be_put_on_record_once_a_minute(
        self, rate_limits: RateLimits, wait: Wait
    ) -> None:
        on_record = []
        for _minute in range(2):
            await rate_limits.take(GRANT, A_MINUTES_WORTH)
            throttled = [await rate_limits.take(GRANT, 1) for _ in range(3)]
            on_record.append([each.failure().on_record for each in throttled])
            wait(60)

        assert on_record == [[False, True, True]] * 2

    async def test_throttling_that_could_not_be_recorded_is_to_be_put_on_record_again(
        self, rate_limits: RateLimits
    ) -> None:
        await rate_limits.take(GRANT, A_MINUTES_WORTH)
        on_record = []
        for _ in range(2):
            throttled = await rate_limits.take(GRANT, 1)
            on_record.append(throttled.failure().on_record)
            rate_limits.not_recorded(GRANT)

        assert on_record == [False, False]

    async def test_throttling_that_never_was_to_be_recorded_may_not_be_recorded(
        self, rate_limits: RateLimits
    ) -> None:
        rate_limits.not_recorded(GRANT)

        assert await rate_limits.take(GRANT, 1) == Success(None)
