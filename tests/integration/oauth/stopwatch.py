"""Monotonic time that a test sets, and the limits that it is set against."""

from adapters.oauth.cached_signing_keys import KeyCacheLimits

LIMITS = KeyCacheLimits(lifetime=300, stale=3600, floor=10, fetch_timeout=10)
"""Enough time for a busy machine."""
IMPATIENT = KeyCacheLimits(lifetime=300, stale=3600, floor=10, fetch_timeout=1)
"""Little enough time to wait until it is over."""


class Stopwatch:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
