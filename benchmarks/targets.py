"""The targets of the service, and whether a run meets them."""

from collections.abc import Sequence

from msgspec import Struct

from benchmarks import lineup
from benchmarks.cells import LARGEST, SMALLEST
from benchmarks.figures import Ratio, latency_ratio, pace_ratio
from benchmarks.results import Results

LEAST_ROWS, MOST_ROWS = 100_000, 10_000_000
_MOST_MEBIBYTES = 150
_NO_GROWTH = 0.02
"""The variation of the resident memory of a process that counts as no growth."""


class Verdict(Struct, frozen=True):
    """A target, the measured value, and whether it meets the target, or None if it was not measured."""

    target: str
    measured: str
    is_met: bool | None

    @property
    def word(self) -> str:
        """The verdict in one word."""
        return "not measured in this run" if self.is_met is None else "met" if self.is_met else "missed"


def judge(results: Results) -> Sequence[Verdict]:
    """Judge every target."""
    service = results.of(lineup.SERVICE, LARGEST)
    return [
        _at_most(
            1.5,
            latency_ratio(service, results.of(lineup.FLOOR, LARGEST)),
            "batch of 500, one client, HTTP end to end, p50, of the floor's",
        ),
        _at_least(
            12,
            pace_ratio(service, results.of(lineup.PEER, LARGEST)),
            "batch of 500, one client, patients a second, of the peer's",
        ),
        _at_least(
            2,
            pace_ratio(results.of(lineup.SERVICE, SMALLEST), results.of(lineup.PEER, SMALLEST)),
            "batch of 1, eight clients, requests a second, of the peer's",
        ),
        _growth(results),
        _at_most(
            2,
            latency_ratio(results.of(lineup.SQLITE, LARGEST), results.of(lineup.SQLITE_FLOOR, LARGEST)),
            "SQLite, batch of 500, p50, of bare sqlite3's",
        ),
        *_memory(results),
    ]


def _growth(results: Results) -> Verdict:
    target = f"{MOST_ROWS:,} patients in the database, batch of 500, p50, of that with {LEAST_ROWS:,}"
    least, most = (lineup.service_on(rows) for rows in (LEAST_ROWS, MOST_ROWS))
    if (most, LARGEST) not in results.slices:
        return Verdict(f"{target}: at most 1.3", "", None)
    return _at_most(1.3, latency_ratio(results.of(most, LARGEST), results.of(least, LARGEST)), target)


def _memory(results: Results) -> Sequence[Verdict]:
    endurance = results.endurance
    requests = f"memory of a worker after {endurance.weights[-1].requests:,} requests"
    growth = endurance.last / endurance.warm - 1
    return [
        Verdict(
            f"{requests}: at most {_MOST_MEBIBYTES} MB",
            f"{endurance.last:.0f} MiB",
            endurance.last * 1.048576 <= _MOST_MEBIBYTES,
        ),
        Verdict(
            f"{requests}: no growth after warm-up (a fifth of them); {_NO_GROWTH:.0%} is none",
            f"{growth:+.1%}, from {endurance.warm:.1f} to {endurance.last:.1f} MiB",
            growth <= _NO_GROWTH,
        ),
    ]


def _at_most(limit: float, ratio: Ratio, target: str) -> Verdict:
    return Verdict(f"{target}: at most {limit:g}", str(ratio), ratio.median <= limit)


def _at_least(limit: float, ratio: Ratio, target: str) -> Verdict:
    return Verdict(f"{target}: at least {limit:g}", str(ratio), ratio.median >= limit)
