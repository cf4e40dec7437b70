"""How much of what there is in a process is taken."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge


class SaturationMetrics:
    """Measures what requests wait for, or are refused for the lack of; over all workers, the sums."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Measure nothing yet."""
        self._in_work = _gauge("invitations_requests_in_work", "Requests in work.", registry)
        self._may_be_in_work = _gauge(
            "invitations_requests_in_work_limit", "Requests that may be in work at once.", registry
        )
        self._in_use = _gauge(
            "invitations_database_connections_in_use", "Connections to the database in use.", registry
        )
        self._may_be_in_use = _gauge(
            "invitations_database_connections_limit",
            "Connections to the database that may be open at once.",
            registry,
        )

    def places(self, limit: int) -> Callable[[int], None]:
        """Give what is told how many requests are in work, of so many at most."""
        self._may_be_in_work.set(limit)
        return self._in_work.set

    def connections(self, limit: int) -> Callable[[int], None]:
        """Give what is told how many connections are in use, of so many at most."""
        self._may_be_in_use.set(limit)
        return self._in_use.set


def _gauge(name: str, meaning: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, meaning, multiprocess_mode="livesum", registry=registry)
