"""The targets of the service, and whether a run meets them."""

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from benchmarks import life, lineup
from benchmarks.cells import LARGEST, SMALLEST
from benchmarks.figures import Ratio, latency_ratio, pace_ratio, ratio_of
from benchmarks.results import Results
from benchmarks.slices import Load

LEAST_ROWS, MOST_ROWS = 100_000, 10_000_000
_MOST_MEBIBYTES = 110
_START_SECONDS = 1.2
_ROWS, _ROWS_A_SECOND = 1_000_000, 60_000
_MOST_OF_BEFORE = 1.03
"""A row that takes more of the time of the release before is a regression."""

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
            1.2,
            latency_ratio(service, results.of(lineup.FLOOR, LARGEST)),
            "batch of 500, one client, HTTP end to end, p50, of the floor's",
        ),
        _floor(results),
        _at_least(
            18,
            pace_ratio(service, results.of(lineup.PEER, LARGEST)),
            "batch of 500, one client, patients a second, of the peer's",
        ),
        _at_least(
            4,
            pace_ratio(results.of(lineup.SERVICE, SMALLEST), results.of(lineup.PEER, SMALLEST)),
            "batch of 1, eight clients, requests a second, of the peer's",
        ),
        _growth(results),
        _at_most(
            1.2,
            latency_ratio(results.of(lineup.SQLITE, LARGEST), results.of(lineup.SQLITE_FLOOR, LARGEST)),
            "SQLite, batch of 500, p50, of bare sqlite3's",
        ),
        *_memory(results),
        *_start_and_import(results),
        _claim(results),
        *_regressions(results),
    ]


def _floor(results: Results) -> Verdict:
    target = "the floor, batch of 500, p50, of that on the tables of 2026-11-22"
    if not results.measured(lineup.FIRST_FLOOR, LARGEST):
        return Verdict(f"{target}: at most 0.75", "", None)
    first = results.of(lineup.FIRST_FLOOR, LARGEST)
    return _at_most(0.75, latency_ratio(results.of(lineup.FLOOR, LARGEST), first), target)


def _growth(results: Results) -> Verdict:
    target = f"{MOST_ROWS:,} patients in the database, batch of 500, p50, of that with {LEAST_ROWS:,}"
    least, most = (lineup.service_on(rows) for rows in (LEAST_ROWS, MOST_ROWS))
    if not results.measured(most, LARGEST):
        return Verdict(f"{target}: at most 1.2", "", None)
    return _at_most(1.2, latency_ratio(results.of(most, LARGEST), results.of(least, LARGEST)), target)


def _start_and_import(results: Results) -> Sequence[Verdict]:
    seconds = median(results.starts.seconds)
    target = f"import of {_ROWS:,} rows: at least {_ROWS_A_SECOND:,} a second"
    rows_a_second = results.imports.rows_a_second
    whole = results.plan.rows_imported >= _ROWS
    return [
        Verdict(
            f"from the start of the process to ready: at most {_START_SECONDS} s",
            f"{seconds:.2f} s, median of {len(results.starts.seconds)}",
            seconds <= _START_SECONDS,
        ),
        Verdict(
            target,
            f"{rows_a_second:,.0f}" + ("" if whole else f", of {results.plan.rows_imported:,} rows"),
            rows_a_second >= _ROWS_A_SECOND if whole else None,
        ),
    ]


def _claim(results: Results) -> Verdict:
    claim, status = (results.lives[each, results.plan.rows] for each in (life.CLAIM, life.STATUS_OF_ONE))
    return _at_most(2, latency_ratio(claim, status), f"a claim, p50, of that of {life.STATUS_OF_ONE}")


def regression(results: Results, subject: str, load: Load) -> Ratio | None:
    """Compare the p50 of a subject with that of the release before, if it was measured."""
    counterpart = lineup.COMPARED[subject]
    if not results.measured(counterpart, load):
        return None
    return latency_ratio(results.of(subject, load), results.of(counterpart, load))


def _regressions(results: Results) -> Sequence[Verdict]:
    """Give a verdict for each row that is slower than before, or one that there is none."""
    limit = f"at most {_MOST_OF_BEFORE}"
    ratios = {
        f"{subject}, batch of {load.batch}, clients: {load.clients}, p50, of the release before's": ratio
        for subject, load in results.slices
        if subject in lineup.COMPARED and subject != lineup.FLOOR
        for ratio in [regression(results, subject, load)]
        if ratio is not None
    }
    if results.starts.seconds_before:
        ratios["from the start of the process to ready, of the release before's"] = ratio_of(
            results.starts.seconds, results.starts.seconds_before
        )
    if results.imports.before is not None:
        imported = results.imports.before / results.imports.rows_a_second
        ratios["import, seconds, of the release before's"] = Ratio(imported, imported, imported)
    slower = [_at_most(_MOST_OF_BEFORE, ratio, row) for row, ratio in ratios.items()]
    missed = [verdict for verdict in slower if not verdict.is_met]
    if missed:
        return missed
    each = f"every row, of the release before's: {limit}"
    return [Verdict(each, "" if ratios else results.before, True if ratios else None)]


def _memory(results: Results) -> Sequence[Verdict]:
    endurance = results.endurance
    requests = f"memory of a worker after {endurance.weights[-1].requests:,} requests"
    growth = endurance.last / endurance.warm - 1
    return [
        Verdict(
            f"{requests}: at most {_MOST_MEBIBYTES} MiB",
            f"{endurance.last:.0f} MiB",
            endurance.last <= _MOST_MEBIBYTES,
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
