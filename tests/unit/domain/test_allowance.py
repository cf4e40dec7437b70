from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from domain.rate_limits import Balance, RateLimit, Throttled

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
NOW = 1_000_000 * SECOND

any_rate = st.integers(1, 10_000)
any_takes = st.lists(st.tuples(st.integers(0, 2 * MINUTE), st.integers(1, 20_000)), min_size=1, max_size=20)
"""How many nanoseconds pass, and how much is asked for then."""


def _after(allowance: RateLimit, *amounts: int, now: int = NOW) -> Balance:
    """Give the balance after amounts that may all be had."""
    balance = allowance.full(now)
    for amount in amounts:
        balance = allowance.take(balance, amount, now).unwrap()
    return balance


def test_the_allowance_of_a_minute_can_be_used_at_once() -> None:
    taken = RateLimit(60).take(RateLimit(60).full(NOW), 60, NOW)

    assert isinstance(taken, Success)


@pytest.mark.parametrize(
    ("taken", "amount", "seconds"),
    [
        pytest.param(60, 1, 1, id="the-next-one"),
        pytest.param(60, 30, 30, id="half-a-minutes-worth"),
        pytest.param(60, 60, 60, id="a-minutes-worth"),
        pytest.param(59, 2, 1, id="one-too-many"),
        pytest.param(60, 5_000, 60, id="more-than-a-minutes-worth"),
        pytest.param(300, 1, 241, id="the-next-one-after-five-minutes-worth"),
    ],
)
def test_a_request_above_the_rest_has_to_wait(taken: int, amount: int, seconds: int) -> None:
    allowance = RateLimit(60)

    assert allowance.take(_after(allowance, taken), amount, NOW) == Failure(Throttled(seconds))


def test_a_wait_is_rounded_up_to_whole_seconds() -> None:
    allowance = RateLimit(600)

    assert allowance.take(_after(allowance, 600), 1, NOW) == Failure(Throttled(1))


def test_the_allowance_comes_back_evenly() -> None:
    allowance = RateLimit(60)
    spent = _after(allowance, 60)

    taken = [allowance.take(spent, amount, NOW + 15 * SECOND) for amount in (15, 16)]

    assert [isinstance(each, Success) for each in taken] == [True, False]


def test_a_nanosecond_too_early_is_too_early() -> None:
    allowance = RateLimit(1)

    taken = allowance.take(_after(allowance, 1), 1, NOW + MINUTE - 1)

    assert taken == Failure(Throttled(1))


def test_no_more_than_the_allowance_of_a_minute_is_saved_up() -> None:
    allowance = RateLimit(60)
    a_day_later = NOW + 24 * 60 * MINUTE

    saved = allowance.refilled(_after(allowance, 60), a_day_later)

    assert saved == allowance.full(a_day_later)


def test_a_refused_request_takes_nothing() -> None:
    allowance = RateLimit(60)
    balance = _after(allowance, 50)

    allowance.take(balance, 11, NOW)

    assert isinstance(allowance.take(balance, 10, NOW), Success)


def test_a_request_above_the_allowance_is_accepted_when_nothing_else_was_used() -> None:
    allowance = RateLimit(60)

    assert isinstance(allowance.take(allowance.full(NOW), 5_000, NOW), Success)
    assert isinstance(allowance.take(_after(allowance, 1), 5_000, NOW), Failure)


@given(per_minute=any_rate, takes=any_takes)
def test_no_more_is_given_than_was_saved_up_and_has_come_back(
    per_minute: int, takes: Sequence[tuple[int, int]]
) -> None:
    allowance, now, given_so_far = RateLimit(per_minute), NOW, 0
    balance = allowance.full(now)

    for passed, amount in takes:
        now += passed
        taken = allowance.take(balance, amount, now)
        if isinstance(taken, Success):
            balance = taken.unwrap()
            # the amount above the allowance of a minute is owed, and delays later requests
            counted = given_so_far + min(amount, per_minute)
            assert (counted - per_minute) * MINUTE <= (now - NOW) * per_minute
            given_so_far += amount


@given(per_minute=any_rate, takes=any_takes)
def test_the_wait_is_exactly_long_enough(per_minute: int, takes: Sequence[tuple[int, int]]) -> None:
    allowance, now = RateLimit(per_minute), NOW
    balance = allowance.full(now)

    for passed, amount in takes:
        now += passed
        taken = allowance.take(balance, amount, now)
        if isinstance(taken, Failure):
            wait = taken.failure().retry_after_seconds
            assert wait >= 1
            assert isinstance(allowance.take(balance, amount, now + (wait - 1) * SECOND), Failure)
            assert isinstance(allowance.take(balance, amount, now + wait * SECOND), Success)
        else:
            balance = taken.unwrap()


def test_what_is_given_back_can_be_taken_again_and_nothing_more() -> None:
    allowance = RateLimit(60)

    all_taken = _after(allowance, 60)
    all_given_back = allowance.give_back(all_taken, 60, NOW)
    more_given_back = allowance.give_back(all_given_back, 1, NOW)

    assert all_given_back == more_given_back == allowance.full(NOW)
    assert allowance.give_back(all_taken, 1, NOW) == _after(allowance, 59)
