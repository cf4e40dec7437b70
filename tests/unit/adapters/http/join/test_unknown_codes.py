"""The limit of unknown codes from one address."""

from adapters.http.join.unknown_codes import UnknownCodes
from domain.rate_limits import Throttled
from domain.results import failed

SECOND = 1_000_000_000
ADDRESS = "192.0.2.7"


class Stopwatch:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def tries(unknown_codes: UnknownCodes, address: str, times: int) -> list[bool]:
    return [not failed(unknown_codes.take(address)) for _ in range(times)]


def test_ten_tries_a_minute_and_then_one_every_six_seconds() -> None:
    stopwatch = Stopwatch()
    unknown_codes = UnknownCodes(stopwatch)

    at_once = tries(unknown_codes, ADDRESS, 11)
    refused = unknown_codes.take(ADDRESS).failure()
    stopwatch.now = 6 * SECOND
    later = tries(unknown_codes, ADDRESS, 2)

    assert at_once == [True] * 10 + [False]
    assert refused == Throttled(6)
    assert later == [True, False]


def test_each_address_has_its_own() -> None:
    unknown_codes = UnknownCodes(Stopwatch())
    tries(unknown_codes, ADDRESS, 10)

    assert tries(unknown_codes, "192.0.2.8", 1) == [True]


def test_a_try_with_a_known_code_does_not_count() -> None:
    unknown_codes = UnknownCodes(Stopwatch())

    for _ in range(20):
        unknown_codes.take(ADDRESS).unwrap()
        unknown_codes.give_back(ADDRESS)

    assert tries(unknown_codes, ADDRESS, 11) == [True] * 10 + [False]


def test_addresses_that_stay_away_are_forgotten_and_others_are_not() -> None:
    stopwatch = Stopwatch()
    unknown_codes = UnknownCodes(stopwatch)
    for number in range(9_999):
        unknown_codes.take(str(number)).unwrap()
    stopwatch.now = 30 * SECOND
    tries(unknown_codes, ADDRESS, 10)

    stopwatch.now = 31 * SECOND
    unknown_codes.take("another").unwrap()

    assert tries(unknown_codes, ADDRESS, 1) == [False]
    assert len(unknown_codes) == 2
