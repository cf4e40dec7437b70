"""The end of workers whose main process was killed: they would go on with old keys, and keep the port."""

import os
import signal
import time
from threading import Thread

_LOOK_SECONDS = 0.5


def end_with(parent: int, drain_seconds: float) -> None:
    """End this process once it is no longer a child of `parent`; requests in progress may take so long."""
    Thread(target=_watch, args=(parent, drain_seconds), name="parent-watch", daemon=True).start()


def _watch(parent: int, drain_seconds: float) -> None:
    # an orphan gets another parent at once: a signal at the end of the parent would be Linux's alone
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(drain_seconds)
    os.kill(os.getpid(), signal.SIGKILL)
