"""How much may be asked for in a time: a token bucket."""

from msgspec import Struct
from returns.result import Failure, Result, Success

_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND


class Throttled(Struct, frozen=True):
    """Too much was asked for; after so many whole seconds it may be asked for again."""

    retry_after_seconds: int


class Balance(Struct, frozen=True):
    """What is left, at a moment in nanoseconds of a clock that only goes forward.

    It is counted in parts, as many to the whole as a minute has nanoseconds: so it is never rounded.
    """

    parts: int
    at: int


class RateLimit(Struct, frozen=True):
    """So many a minute, spread evenly, of which a minute's worth can be saved up."""

    per_minute: int

    def full(self, now: int) -> Balance:
        """Give the balance of somebody who has not asked for anything yet."""
        return Balance(self.per_minute * _MINUTE, now)

    def take(self, balance: Balance, amount: int, now: int) -> Result[Balance, Throttled]:
        """Take an amount and return what is left, or how long to wait for it.

        What is larger than a minute's worth is given against a full balance, and paid off afterwards:
        else it could never be had.
        """
        available = self.refilled(balance, now)
        missing = min(amount, self.per_minute) * _MINUTE - available.parts
        if missing > 0:
            return Failure(Throttled(_rounded_up(missing, self.per_minute * _SECOND)))
        return Success(Balance(available.parts - amount * _MINUTE, now))

    def refilled(self, balance: Balance, now: int) -> Balance:
        """Give the balance as it is now."""
        gained = (now - balance.at) * self.per_minute
        return Balance(min(self.per_minute * _MINUTE, balance.parts + gained), now)


def _rounded_up(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
