"""How Prometheus collects the metrics of all workers.

Each writes into files of its own in one directory, which all of them read. What a worker has counted
outlives it; what it measured ends with it.

Source: https://prometheus.github.io/client_python/multiprocess/
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from platform import python_version

from prometheus_client import CollectorRegistry, Gauge, Metric, start_http_server, values
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from adapters.telemetry.metrics import CallMetrics, RequestMetrics, SaturationMetrics, SigningKeyMetrics


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


CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""Of the format in which the figures are sent, which every Prometheus reads.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""


class Metrics:
    """What one process counts; together with the other workers of its run, if they share a directory."""

    def __init__(self, release: str, shared_directory: Path | None = None) -> None:
        """Begin to count for this release of the service."""
        if shared_directory is not None:
            share_values(shared_directory)
        registry = CollectorRegistry()
        self.requests = RequestMetrics(registry)
        self.calls = CallMetrics(registry)
        self.saturation = SaturationMetrics(registry)
        self.signing_keys = SigningKeyMetrics(registry)
        _measure_itself(release, registry)
        self._exposed = registry if shared_directory is None else all_workers(shared_directory)

    def exposition(self) -> bytes:
        """Write the figures; it takes some milliseconds, and may be done in a thread."""
        return generate_latest(self._exposed)


def _measure_itself(release: str, registry: CollectorRegistry) -> None:
    build = Gauge(
        "invitations_build_info",
        "The release that runs; always 1.",
        ["version", "python_version"],
        multiprocess_mode="livemax",
        registry=registry,
    )
    build.labels(release, python_version()).set(1)
    workers = Gauge(
        "invitations_workers", "Workers that run.", multiprocess_mode="livesum", registry=registry
    )
    workers.set(1)


@contextmanager
def scrape_server(host: str, port: int, directory: Path) -> Iterator[None]:
    """Tell what the workers count in the directory, from a thread, until the block ends. Raises OSError."""
    server, thread = start_http_server(port, host, all_workers(directory))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
