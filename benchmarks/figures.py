"""Summarises slices as figures."""

from collections.abc import Sequence
from itertools import chain
from math import ceil
from statistics import median

from msgspec import Struct

from benchmarks.slices import Slice

_SAMPLES_FOR_P95 = 20
_SAMPLES_FOR_P99 = 100


class Figures(Struct, frozen=True):
    """Latencies in seconds, or None if there are too few samples, and processor time per 1,000 patients."""

    samples: int
    p50: float
    p95: float | None
    p99: float | None
    requests_a_second: float
    patients_a_second: float
    subject_cpu: float
    database_cpu: float
    cores: tuple[float, float, float]
    """The cores in use by subject, database and client."""


def figures(slices: Sequence[Slice]) -> Figures:
    """Summarise the slices of one subject under one load."""
    latencies = sorted(chain.from_iterable(each.latencies for each in slices))
    elapsed = sum(each.elapsed for each in slices)
    patients = sum(each.patients for each in slices)
    subject_cpu = sum(each.subject_cpu for each in slices)
    database_cpu = sum(each.database_cpu for each in slices)
    client_cpu = sum(each.client_cpu for each in slices)
    return Figures(
        len(latencies),
        median(latencies),
        _percentile(latencies, 95) if len(latencies) >= _SAMPLES_FOR_P95 else None,
        _percentile(latencies, 99) if len(latencies) >= _SAMPLES_FOR_P99 else None,
        len(latencies) / elapsed,
        patients / elapsed,
        subject_cpu / patients * 1000,
        database_cpu / patients * 1000,
        (subject_cpu / elapsed, database_cpu / elapsed, client_cpu / elapsed),
    )


class Ratio(Struct, frozen=True):
    """The median of a ratio over the rounds, the lowest and the highest."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        """Write it for a table."""
        return f"{self.median:.2f} ({self.lowest:.2f} to {self.highest:.2f})"


def latency_ratio(slices: Sequence[Slice], to: Sequence[Slice]) -> Ratio:
    """Compare the p50 of each round with another subject's in the same round."""
    return _ratio(
        [median(each.latencies) / median(other.latencies) for each, other in zip(slices, to, strict=True)]
    )


def pace_ratio(slices: Sequence[Slice], to: Sequence[Slice]) -> Ratio:
    """Compare the patients a second of each round with another subject's in the same round."""
    return _ratio(
        [
            (each.patients / each.elapsed) / (other.patients / other.elapsed)
            for each, other in zip(slices, to, strict=True)
        ]
    )


def ratio_of(taken: Sequence[float], to: Sequence[float]) -> Ratio:
    """Compare figures with others that were taken in turns with them."""
    return _ratio([each / other for each, other in zip(taken, to, strict=True)])


def _ratio(ratios: Sequence[float]) -> Ratio:
    return Ratio(median(ratios), min(ratios), max(ratios))


def _percentile(ascending: Sequence[float], percent: int) -> float:
    return ascending[ceil(len(ascending) * percent / 100) - 1]
