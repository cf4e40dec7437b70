"""How long clients wait before they come back."""

import pytest

from domain.mailing.retries import RetryPolicy

POLICY = RetryPolicy(first_seconds=1, most_seconds=10, most_failures=5)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (1_000_000, 10)])
def test_waits_double_up_to_the_most(failures: int, seconds: float) -> None:
    assert POLICY.seconds(failures, 0, 0) == seconds


def test_nobody_comes_back_before_the_service_said() -> None:
    assert [POLICY.seconds(1, 30, spread) for spread in (0, 0.5, 1)] == [30, 37.5, 45]


def test_a_short_wait_told_does_not_shorten_the_wait() -> None:
    assert POLICY.seconds(4, 1, 0) == 8


@pytest.mark.parametrize(("failures", "gives_up"), [(1, False), (5, False), (6, True)])
def test_enough_failures_in_a_row_are_enough(failures: int, gives_up: bool) -> None:  # noqa: FBT001 - a case
    assert POLICY.gives_up(failures) is gives_up
