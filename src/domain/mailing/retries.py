"""How long to wait before a request is sent again."""

from msgspec import Struct


class RetryPolicy(Struct, frozen=True):
    """Waits that double from `first_seconds` to `most_seconds`, after at most `most_failures` in a row.

    A service may ask for longer waits, up to `most_requested_seconds`.
    """

    first_seconds: float = 0.5
    most_seconds: float = 60.0
    most_failures: int = 12
    most_requested_seconds: float = 3_600.0

    def seconds(self, failures: int, requested_seconds: float, spread: float) -> float:
        """Give the wait after this many failures in a row; it is at least as long as the service asked for.

        `spread`, drawn from 0 to 1, adds up to half as much again, so that clients do not retry together.
        """
        doubled = self.first_seconds * 2.0 ** min(failures - 1, self.most_failures)
        return max(min(doubled, self.most_seconds), requested_seconds) * (1 + spread / 2)

    def waits_for(self, requested_seconds: float) -> bool:
        """Return whether a wait that the service asks for is short enough to wait for it."""
        return requested_seconds <= self.most_requested_seconds

    def gives_up(self, failures: int) -> bool:
        """Return whether this many failures in a row are enough to give up."""
        return failures > self.most_failures
