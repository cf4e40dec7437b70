"""What all workers of a run have counted, whichever of them is asked.

Each writes into files of its own in one directory, which all of them read. What a worker has counted
outlives it; what it measured ends with it.

Source: https://prometheus.github.io/client_python/multiprocess/
"""

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector


def share_values(directory: Path) -> None:
    """Keep the values of this process in the directory, from the next metric on."""
    # the library decides at its import where values are kept, and a worker that is forked comes after that
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    values.ValueClass = values.MultiProcessValue()


def all_workers(directory: Path) -> CollectorRegistry:
    """Give what the workers have counted that keep their values in the directory."""
    registry = CollectorRegistry()
    registry.register(_AllWorkers(directory))
    return registry


class _AllWorkers(Collector):
    """Reads the files of all workers, once those who ended measure nothing any more."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterable[Metric]:
        for pid in {int(file.stem.rpartition("_")[2]) for file in self._directory.glob("gauge_live*.db")}:
            if not _is_alive(pid):
                mark_process_dead(pid, str(self._directory))
        merged: Iterable[Metric] = MultiProcessCollector(None, str(self._directory)).collect()
        return merged


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
