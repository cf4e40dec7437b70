"""The request that lines in the log are about, whoever writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from logging import Filter, LogRecord

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
