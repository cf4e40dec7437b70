"""The balances of a limit of ten a minute."""

from adapters.serving.balances import Balances
from domain.rate_limits import RateLimit, Throttled
from domain.results import failed

LIMIT = RateLimit(10)
SECOND = 1_000_000_000
ADDRESS = "192.0.2.7"


class Stopwatch:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def tries(counted: Balances[str], address: str, times: int) -> list[bool]:
    return [not failed(counted.take(address)) for _ in range(times)]


def test_ten_are_taken_at_once_and_then_one_every_six_seconds() -> None:
    stopwatch = Stopwatch()
    counted: Balances[str] = Balances(LIMIT, stopwatch)

    at_once = tries(counted, ADDRESS, 11)
    refused = counted.take(ADDRESS).failure()
    stopwatch.now = 6 * SECOND
    later = tries(counted, ADDRESS, 2)

    assert at_once == [True] * 10 + [False]
    assert refused == Throttled(6)
    assert later == [True, False]


def test_each_name_has_its_own() -> None:
    counted: Balances[str] = Balances(LIMIT, Stopwatch())
    tries(counted, ADDRESS, 10)

    assert tries(counted, "192.0.2.8", 1) == [True]


def test_what_is_given_back_does_not_count() -> None:
    counted: Balances[str] = Balances(LIMIT, Stopwatch())

    for _ in range(20):
        counted.take(ADDRESS).unwrap()
        counted.give_back(ADDRESS)

    assert tries(counted, ADDRESS, 11) == [True] * 10 + [False]


def test_full_balances_are_forgotten_and_others_are_not() -> None:
    stopwatch = Stopwatch()
    counted: Balances[str] = Balances(LIMIT, stopwatch)
    for number in range(9_999):
        counted.take(str(number)).unwrap()
    stopwatch.now = 30 * SECOND
    tries(counted, ADDRESS, 10)

    stopwatch.now = 31 * SECOND
    counted.take("another").unwrap()

    assert tries(counted, ADDRESS, 1) == [False]
    assert len(counted) == 2
