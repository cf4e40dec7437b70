"""The request log: a line for each request, and its request id on every line that the request writes."""

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
"""The header, or metadata, of the request id, in requests and answers."""

# a part of ten digits may be a national identifier
_USABLE = re.compile(r"(?!(.*[._-])?[0-9]{10}([._-]|$))[A-Za-z0-9._-]+")
_LONGEST = 64


def request_id(offered: Iterable[str]) -> str:
    """Give the first usable id that the caller offers, else a new one."""
    return next(filter(_is_usable, offered), None) or str(uuid4())


def _is_usable(offered: str) -> bool:
    # the length first: the pattern takes time in proportion to it, before the caller is authenticated
    return len(offered) <= _LONGEST and _USABLE.fullmatch(offered) is not None


Observe: TypeAlias = Callable[[str, Mapping[str, object], float], None]
"""Gets the message, the fields and the seconds of each line."""


class LogLine:
    """A line about a request. It measures the time from its creation to `write`."""

    def __init__(self, logger: Logger, message: str, request_id: str, observe: Observe) -> None:
        """Start the clock."""
        self.request_id = request_id
        self._logger = logger
        self._message = message
        self._observe = observe
        self._start = perf_counter()
        self._fields: dict[str, object] = {"status": None}

    def part(self, message: str) -> "LogLine":
        """Start a line about a part of the same request."""
        return LogLine(self._logger, message, self.request_id, self._observe)

    def note(self, **fields: object) -> None:
        """Add or replace fields; never patient identifiers, codes or tokens."""
        self._fields.update(fields)

    def write(self) -> None:
        """Write the fields and the duration."""
        seconds = perf_counter() - self._start
        fields = {"request_id": self.request_id, "duration_ms": round(seconds * 1000, 1), **self._fields}
        self._logger.info(self._message, extra=fields)
        self._observe(self._message, self._fields, seconds)


def describe(raised: BaseException) -> dict[str, object]:
    """Give the type and the frames of an exception. Its text stays out: it may quote a patient's data."""
    frames = extract_tb(raised.__traceback__)
    return {
        "exception": type(raised).__qualname__,
        "frames": [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames],
    }


_REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)


@contextmanager
def logged_as(request_id: str) -> Iterator[None]:
    """Put the request id on every line that the block and its tasks write."""
    token = _REQUEST_ID.set(request_id)
    try:
        yield
    finally:
        _REQUEST_ID.reset(token)


class LoggedRequest(Filter):
    """Adds the request id to the lines of every logger, while a request is in progress."""

    def filter(self, record: LogRecord) -> bool:
        """Pass every line."""
        request_id = _REQUEST_ID.get()
        if request_id is not None:
            record.request_id = request_id
        return True


_QUOTING = frozenset({"asyncio", "grpc"})
"""Libraries that fill what callers have sent into their messages, or exceptions."""


class LibraryLine(Filter):
    """Keeps out of the lines of libraries what callers have sent: bad metadata, and texts of exceptions."""

    def filter(self, record: LogRecord) -> bool:
        """Pass every line."""
        raised = record.exc_info[1] if record.exc_info else None
        record.exc_info = record.exc_text = None
        if raised is not None:
            vars(record).update(describe(raised))
        if record.name.partition(".")[0] in _QUOTING:
            record.args = None
            # an exception may stand for a message, and asyncio puts those of its tasks on further lines
            is_text = isinstance(record.msg, str)
            record.msg = record.msg.partition("\n")[0] if is_text else type(record.msg).__qualname__
        return True
