"""What all workers of a run have counted, whichever of them is asked.

Each writes into files of its own in one directory, which all of them read. What a worker has counted
outlives it; what it measured ends with it.

Source: https://prometheus.github.io/client_python/multiprocess/
"""

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, values
from prometheus_client.multiprocess import MultiProcessCollector
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
        for measured in self._directory.glob("gauge_live*.db"):
            if not _is_alive(int(measured.stem.rpartition("_")[2])):
                # another worker may be asked at the same time
                measured.unlink(missing_ok=True)
        files = [str(file) for file in self._directory.glob("*.db") if _has_begun(file)]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)
        return merged


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _has_begun(file: Path) -> bool:
    # the library cannot read a file that a worker has made a moment ago
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False
