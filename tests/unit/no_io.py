"""Forbids I/O in unit tests, by the audit events of the interpreter.

Source: https://docs.python.org/3.11/library/audit_events.html
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FILES = {"open", "os.remove", "os.rmdir", "os.truncate"}
_SOCKETS = {"socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendmsg", "socket.sendto"}
_PROCESSES = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"}
_DATABASES = {"sqlite3.connect"}
_REFUSED = _FILES | _SOCKETS | _PROCESSES | _DATABASES


class IoRefusedError(Exception):
    """A unit test tried to reach the outside world."""


class _Guard:
    """An audit hook cannot be removed, so there is one, and it can be off."""

    on = False

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and event in _REFUSED and not _is_import(event, arguments):
            raise IoRefusedError(event)


_guard = _Guard()
sys.addaudithook(_guard)


@contextmanager
def io_refused() -> Iterator[None]:
    """Refuse files, sockets, processes and databases to what runs within."""
    _guard.on = True
    try:
        yield
    finally:
        _guard.on = False


def _is_import(event: str, arguments: tuple[object, ...]) -> bool:
    """Check whether a file is Python's own: late imports and tracebacks read its source."""
    if event not in _FILES:
        return False
    # Python writes compiled modules through a descriptor; the guard saw its path when it was opened
    return isinstance(arguments[0], int) or str(arguments[0]).endswith(".py") or ".pyc" in str(arguments[0])
