"""How long clients wait before a retry."""

import pytest

from domain.mailing.retries import RetryPolicy

POLICY = RetryPolicy(first_seconds=1, most_seconds=10, most_failures=5)


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (1_000_000, 10)])
def test_waits_double_up_to_the_maximum(failures: int, seconds: float) -> None:
    assert POLICY.seconds(failures, 0, 0) == seconds


def test_a_wait_is_never_shorter_than_the_service_asks() -> None:
    assert [POLICY.seconds(1, 30, spread) for spread in (0, 0.5, 1)] == [30, 37.5, 45]


def test_a_short_wait_from_the_service_does_not_shorten_the_wait() -> None:
    assert POLICY.seconds(4, 1, 0) == 8


@pytest.mark.parametrize(("requested", "waits"), [(0, True), (3_600, True), (3_601, False), (1e300, False)])
def test_hours_are_not_waited_for(requested: float, waits: bool) -> None:  # noqa: FBT001 - a case
    assert POLICY.waits_for(requested) is waits


@pytest.mark.parametrize(("failures", "gives_up"), [(1, False), (5, False), (6, True)])
def test_the_retries_end_after_too_many_failures_in_a_row(failures: int, gives_up: bool) -> None:  # noqa: FBT001 - a case
    assert POLICY.gives_up(failures) is gives_up
