"""What the main process knows of its workers."""

import os
import signal
from multiprocessing import get_context

from entrypoints.http_process import is_running


def test_a_process_that_ended_does_not_run_though_another_waited_for_its_end() -> None:
    # a fork of this process would have the threads' locks and the signal handlers of other tests
    process = get_context("spawn").Process(target=signal.pause)
    process.start()
    running_before = is_running(process)

    process.kill()
    os.waitpid(process.pid or 0, 0)

    assert running_before
    assert not is_running(process)
