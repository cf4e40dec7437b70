"""Times taken of parts of a whole."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles


class Laps:
    """The seconds that each part took, time after time."""

    def __init__(self) -> None:
        """Start with none."""
        self._seconds: dict[str, list[float]] = {}

    @contextmanager
    def lap(self, part: str) -> Iterator[None]:
        """Time a block that does a part."""
        start = time.perf_counter()
        yield
        self._seconds.setdefault(part, []).append(time.perf_counter() - start)

    def milliseconds(self, part: str) -> float:
        """Give what one in ten did not exceed: what a part takes when nothing else disturbs it."""
        return quantiles(self._seconds[part], n=10)[0] * 1000

    def forget(self) -> None:
        """Start over, warm."""
        self._seconds.clear()
