"""The processes of a service, as Linux shows them."""

import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE_SECONDS = 60


def workers_of(pid: int) -> set[int]:
    """Give the workers that a main process has started, as far as they have not ended."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def sockets_of(pid: int) -> int:
    """Count the sockets that a process has open."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    return sum(link.startswith("socket:") for link in links)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
