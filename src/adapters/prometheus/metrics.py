"""Everything that is counted and measured, and how Prometheus gets it."""

from pathlib import Path
from platform import python_version

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from adapters.prometheus.call_metrics import CallMetrics
from adapters.prometheus.request_metrics import RequestMetrics
from adapters.prometheus.saturation_metrics import SaturationMetrics
from adapters.prometheus.signing_key_metrics import SigningKeyMetrics
from adapters.prometheus.workers import all_workers, share_values

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
