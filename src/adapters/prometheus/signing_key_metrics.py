"""How the keys are doing that access tokens are judged by."""

from functools import cached_property
from time import time
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge


class SigningKeyMetrics:
    """Counts fetches, and tells when the keys in use were fetched."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Begin with no fetch."""
        self._registry = registry
        self._fetches = Counter(
            "invitations_signing_keys_fetches",
            "Fetches of the issuer's signing keys.",
            ["outcome"],
            registry=registry,
        )
        for outcome in ("succeeded", "failed"):
            self._fetches.labels(outcome)

    def fetched(self, outcome: Literal["succeeded", "failed"]) -> None:
        """Count a fetch."""
        self._fetches.labels(outcome).inc()
        if outcome == "succeeded":
            self._fetched_at.set(time())

    @cached_property
    def _fetched_at(self) -> Gauge:
        # made at the first fetch: before it, its zero would stand for keys as old as 1970
        return Gauge(
            "invitations_signing_keys_fetched_timestamp_seconds",
            "When the signing keys in use were fetched, those of the worker that has the oldest.",
            multiprocess_mode="livemin",
            registry=self._registry,
        )
