"""The metrics of requests, calls, limits and keys."""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from itertools import product
from time import time
from typing import Literal, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.eligibility import OmissionReason

Observe: TypeAlias = Callable[[str, Mapping[str, object], float], None]
"""Gets a log line: its message, its fields, and the duration in seconds."""

# a batch of 500 needs about 30 ms; a stream lasts as long as its caller likes
_SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RequestMetrics:
    """Counts requests by their log lines, so that log and metrics agree."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics."""
        self._requests = Counter(
            "invitations_requests",
            "Requests that ended, including batches of streams.",
            ["transport", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "invitations_request_duration_seconds",
            "How long requests took, from their head to the end of the answer.",
            ["transport", "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._refusals = Counter(
            "invitations_refusals",
            "Requests that were refused, by the cause that is also in the log.",
            ["transport", "cause"],
            registry=registry,
        )

    def observer(self, transport: str, name_of_status: Callable[[object], str] = str) -> Observe:
        """Return what counts the requests of a transport; `name_of_status` names its statuses."""

        # looked up once: to find a metric by its labels is slower than to count
        @cache
        def figures(route: str, status: object) -> tuple[Counter, Histogram]:
            name = "none" if status is None else name_of_status(status)
            return self._requests.labels(transport, route, name), self._seconds.labels(transport, route)

        def observe(message: str, fields: Mapping[str, object], seconds: float) -> None:
            # a batch of a stream has no route of its own, and an unknown path has none at all
            route = str(fields.get("route", message)) or "none"
            number, durations = figures(route, fields["status"])
            number.inc()
            durations.observe(seconds)
            if cause := fields.get("refusal"):
                self._refusals.labels(transport, cause).inc()

        return observe


class CallMetrics:
    """Counts calls on operations by their audit events, so that each is counted once.

    Every counter begins at zero: a rate needs a value before the first event.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics."""
        recorded = Counter(
            "invitations_calls_recorded",
            "Calls in the audit, by outcome.",
            ["operation", "outcome"],
            registry=registry,
        )
        asked = Counter(
            "invitations_identifiers_asked",
            "Patient identifiers in the calls that were carried out.",
            ["operation"],
            registry=registry,
        )
        omitted = Counter(
            "invitations_identifiers_omitted",
            "Distinct patient identifiers that were omitted, or whose status was not given in full.",
            ["operation", "reason"],
            registry=registry,
        )
        self._issued = Counter("invitations_issued", "New invitations.", registry=registry)
        self._revoked = Counter(
            "invitations_revoked",
            "Invitations that callers revoked before they were redeemed.",
            registry=registry,
        )
        # looked up once: to find a counter by its labels is slower than to count
        self._recorded: Mapping[tuple[str, str], Counter] = {
            pair: recorded.labels(*pair) for pair in product(Operation, Outcome)
        }
        self._asked: Mapping[str, Counter] = {operation: asked.labels(operation) for operation in Operation}
        self._omitted: Mapping[tuple[str, str], Counter] = {
            pair: omitted.labels(*pair) for pair in product(Operation, OmissionReason)
        }

    def revoked(self, number: int) -> None:
        """Count invitations that were just revoked."""
        self._revoked.inc(number)

    def count(self, event: AuditEvent) -> None:
        """Count an event that was just stored."""
        self._recorded[event.operation, event.outcome].inc()
        if event.outcome != Outcome.CARRIED_OUT:
            # a replay was counted the first time
            return
        self._asked[event.operation].inc(event.asked)
        if event.issued_patients:
            self._issued.inc(len(event.issued_patients))
        for reason, times in event.omitted.items():
            self._omitted[event.operation, reason].inc(times)


class SaturationMetrics:
    """Measures the use of limits, summed over all workers."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics."""
        self._in_progress = _gauge("invitations_requests_in_progress", "Requests in progress.", registry)
        self._may_be_in_progress = _gauge(
            "invitations_requests_in_progress_limit", "Requests that may be in progress at once.", registry
        )
        self._in_use = _gauge(
            "invitations_database_connections_in_use", "Connections to the database in use.", registry
        )
        self._may_be_in_use = _gauge(
            "invitations_database_connections_limit",
            "Connections to the database that may be open at once.",
            registry,
        )

    def requests(self, limit: int) -> Callable[[int], None]:
        """Set the limit, and return what gets the number of requests in progress."""
        self._may_be_in_progress.set(limit)
        return self._in_progress.set

    def connections(self, limit: int) -> Callable[[int], None]:
        """Set the limit, and return what gets the number of connections in use."""
        self._may_be_in_use.set(limit)
        return self._in_use.set


def _gauge(name: str, meaning: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, meaning, multiprocess_mode="livesum", registry=registry)


class SigningKeyMetrics:
    """Counts fetches of signing keys, and records when the keys in use were fetched."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the metrics."""
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
        # made at the first fetch: before it, zero would mean keys from 1970
        return Gauge(
            "invitations_signing_keys_fetched_timestamp_seconds",
            "When the signing keys in use were fetched, by the worker with the oldest keys.",
            multiprocess_mode="livemin",
            registry=self._registry,
        )
