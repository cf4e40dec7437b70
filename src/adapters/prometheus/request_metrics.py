"""What becomes of requests, and how long they take."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

from prometheus_client import CollectorRegistry, Counter, Histogram

Observe: TypeAlias = Callable[[str, Mapping[str, object], float], None]
"""Takes a line of the log: its message, its fields, and the seconds that it tells of."""

# a batch of 500 takes some 30 ms; a stream goes on for as long as its caller likes
_SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RequestMetrics:
    """Counts requests by what the log tells of them, so that neither knows what the other does not."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Count nothing yet."""
        self._requests = Counter(
            "invitations_requests",
            "Requests that came to an end, batches of streams among them.",
            ["door", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "invitations_request_duration_seconds",
            "How long requests took, from head to end of the answer.",
            ["door", "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._refusals = Counter(
            "invitations_refusals",
            "Requests that were refused, by the name that the log has for the cause.",
            ["door", "cause"],
            registry=registry,
        )

    def at_door(self, door: str, name_of_status: Callable[[object], str] = str) -> Observe:
        """Give what counts the requests at a door, whose log has statuses of this name."""

        # looked up once: the library takes longer to find a figure by its labels than to count
        @cache
        def figures(route: str, status: object) -> tuple[Counter, Histogram]:
            name = "none" if status is None else name_of_status(status)
            return self._requests.labels(door, route, name), self._seconds.labels(door, route)

        def observe(message: str, fields: Mapping[str, object], seconds: float) -> None:
            # a part of a request has no route of its own, and a path that is nobody's has none at all
            route = str(fields.get("route", message)) or "none"
            number, durations = figures(route, fields["status"])
            number.inc()
            durations.observe(seconds)
            if cause := fields.get("refusal"):
                self._refusals.labels(door, cause).inc()

        return observe
