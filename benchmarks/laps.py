"""Times the parts of a whole."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

_PART_THAT_IS_QUIET = 4


class Laps:
    """The seconds of each part, for each repetition."""

    def __init__(self, seconds: dict[str, list[float]] | None = None) -> None:
        """Start empty, or with times from elsewhere."""
        self._seconds = {} if seconds is None else seconds

    @contextmanager
    def lap(self, part: str) -> Iterator[None]:
        """Time a block that does a part."""
        start = time.perf_counter()
        yield
        self.note(part, time.perf_counter() - start)

    def note(self, part: str, seconds: float) -> None:
        """Add a time that was not measured as a block."""
        self._seconds.setdefault(part, []).append(seconds)

    def last(self, *parts: str) -> float:
        """Sum the last times of some parts."""
        return sum(self._seconds[part][-1] for part in parts)

    def milliseconds(self, part: str) -> float:
        """Give the median of a part."""
        return median(self._seconds[part]) * 1000

    def quietest(self, part: str) -> "Laps":
        """Give the quarter of the repetitions in which a part was fastest. Each part has equally many."""
        seconds = self._seconds[part]
        quiet = sorted(range(len(seconds)), key=seconds.__getitem__)[: len(seconds) // _PART_THAT_IS_QUIET]
        return Laps({each: [taken[index] for index in quiet] for each, taken in self._seconds.items()})

    def forget(self) -> None:
        """Drop the times of the warm-up."""
        self._seconds.clear()
