"""Lines in the log about what callers ask for."""

from collections.abc import Callable, Mapping
from logging import Logger
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import TypeAlias

Observe: TypeAlias = Callable[[str, Mapping[str, object], float], None]
"""Is told of each line that is written: its message, its fields, and the seconds that it tells of."""


class LogLine:
    """One line: it is begun with what it tells of, and written at the end of that."""

    def __init__(self, logger: Logger, message: str, request_id: str, observe: Observe) -> None:
        """Take the time from now on."""
        self.request_id = request_id
        self._logger = logger
        self._message = message
        self._observe = observe
        self._start = perf_counter()
        self._fields: dict[str, object] = {"status": None}

    def part(self, message: str) -> "LogLine":
        """Begin a line about a part of the same request."""
        return LogLine(self._logger, message, self.request_id, self._observe)

    def note(self, **fields: object) -> None:
        """Add fields, or replace them; never patient identifiers, codes or tokens."""
        self._fields.update(fields)

    def write(self) -> None:
        """Write what was noted, and how long it took."""
        seconds = perf_counter() - self._start
        fields = {"request_id": self.request_id, "duration_ms": round(seconds * 1000, 1), **self._fields}
        self._logger.info(self._message, extra=fields)
        self._observe(self._message, self._fields, seconds)


def describe(raised: BaseException) -> dict[str, object]:
    """Tell what was raised and where, without its text, which may quote a patient's data."""
    frames = extract_tb(raised.__traceback__)
    return {
        "exception": type(raised).__qualname__,
        "frames": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }
