"""Rate limits: a token bucket."""

from msgspec import Struct
from returns.result import Failure, Result, Success

_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND


class Throttled(Struct, frozen=True):
    """The caller asked for too much; after this many whole seconds it may ask again.

    `on_record` says that the audit has it already: throttling is on record once a minute.
    """

    retry_after_seconds: int
    on_record: bool = False


class Balance(Struct, frozen=True):
    """What is left of a limit at a moment, in nanoseconds of a monotonic clock.

    A minute has as many parts as nanoseconds, so that nothing is ever rounded.
    """

    parts: int
    at: int


class RateLimit(Struct, frozen=True):
    """A number a minute, spread evenly; a caller can save up one minute's amount."""

    per_minute: int

    def full(self, now: int) -> Balance:
        """Give the balance of a caller that has asked for nothing yet."""
        return Balance(self.per_minute * _MINUTE, now)

    def take(self, balance: Balance, amount: int, now: int) -> Result[Balance, Throttled]:
        """Take an amount and return what is left, or how long to wait for it.

        An amount larger than a minute's is granted against a full balance, and paid off afterwards.
        Otherwise it could never be granted.
        """
        available = self.refilled(balance, now)
        missing = min(amount, self.per_minute) * _MINUTE - available.parts
        if missing > 0:
            return Failure(Throttled(_rounded_up(missing, self.per_minute * _SECOND)))
        return Success(Balance(available.parts - amount * _MINUTE, now))

    def give_back(self, balance: Balance, amount: int, now: int) -> Balance:
        """Return what is there when an amount that was taken did not count after all."""
        available = self.refilled(balance, now)
        return self.refilled(Balance(available.parts + amount * _MINUTE, now), now)

    def refilled(self, balance: Balance, now: int) -> Balance:
        """Give the balance as it is now."""
        gained = (now - balance.at) * self.per_minute
        return Balance(min(self.per_minute * _MINUTE, balance.parts + gained), now)


def is_on_record(recorded_at: int | None, now: int) -> bool:
    """Return whether throttling that was put on record at a moment, if ever, stands for throttling now."""
    return recorded_at is not None and now - recorded_at < _MINUTE


def _rounded_up(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
