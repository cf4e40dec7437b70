"""The metrics of all workers, exposed to Prometheus.

Each worker writes into its own files in one directory, which all of them read. The counters of a worker
outlive it, its gauges do not.

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
from adapters.telemetry.redemption_metrics import RedemptionMetrics
from domain.audit import AuditEvent


def share_values(directory: Path) -> None:
    """Keep the values of this process in the directory, from the next metric on."""
    # the library decides at its import where values are kept, before a worker is forked
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    values.ValueClass = values.MultiProcessValue()


def all_workers(directory: Path) -> CollectorRegistry:
    """Give the metrics of all workers that keep their values in the directory."""
    registry = CollectorRegistry()
    registry.register(_AllWorkers(directory))
    return registry


class _AllWorkers(Collector):
    """Reads the files of all workers, without the gauges of workers that ended."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterable[Metric]:
        for measured in self._directory.glob("gauge_live*.db"):
            if not _is_alive(int(measured.stem.rpartition("_")[2])):
                # another worker may collect at the same time
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
    # the library cannot read a file that a worker has just made
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False


CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""The content type of the exposition, a format that every Prometheus reads.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""


class Metrics:
    """The metrics of one process, together with those of other workers if they share a directory."""

    def __init__(self, release: str, shared_directory: Path | None = None) -> None:
        """Register the metrics of this release."""
        if shared_directory is not None:
            share_values(shared_directory)
        registry = CollectorRegistry()
        self.requests = RequestMetrics(registry)
        self.calls = CallMetrics(registry)
        self.redemptions = RedemptionMetrics(registry)
        self.saturation = SaturationMetrics(registry)
        self.signing_keys = SigningKeyMetrics(registry)
        _measure_itself(release, registry)
        self._exposed = registry if shared_directory is None else all_workers(shared_directory)

    def count(self, event: AuditEvent) -> None:
        """Count an audit event that was just stored."""
        self.calls.count(event)
        self.redemptions.count(event)

    def exposition(self) -> bytes:
        """Write the metrics; it needs some milliseconds, and may run in a thread."""
        return generate_latest(self._exposed)


def _measure_itself(release: str, registry: CollectorRegistry) -> None:
    build = Gauge(
        "invitations_build_info",
        "The release of the service; always 1.",
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
    """Serve the metrics of all workers from a thread, until the block ends. Raises OSError."""
    server, thread = start_http_server(port, host, all_workers(directory))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
