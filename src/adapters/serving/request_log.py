"""The log of requests: one line each, the request id, and what every line of a request carries."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from logging import Filter, Logger, LogRecord
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import TypeAlias
from uuid import uuid4

REQUEST_ID = "x-request-id"
"""What carries it, in requests and in answers."""

# ten digits by themselves, in any part, may be a national identifier
_USABLE = re.compile(r"(?!(.*[._-])?[0-9]{10}([._-]|$))[A-Za-z0-9._-]{1,64}")


def request_id(offered: Iterable[str]) -> str:
    """Give the first of the ids that the caller offers which can be one, else one of ours."""
    return next(filter(_USABLE.fullmatch, offered), None) or str(uuid4())


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


_REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


@contextmanager
def logged_as(request_id: str) -> Iterator[None]:
    """Let every line that is written within the block tell the id, also by tasks that are begun there."""
    token = _REQUEST_ID.set(request_id)
    try:
        yield
    finally:
        _REQUEST_ID.reset(token)


class LoggedRequest(Filter):
    """Adds the id of the request, if one is in work, to lines that are written by whatever logger."""

    def filter(self, record: LogRecord) -> bool:
        """Let every line pass."""
        request_id = _REQUEST_ID.get()
        if request_id is not None:
            record.request_id = request_id
        return True
