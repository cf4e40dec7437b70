"""How much may be asked for in a time: a token bucket."""

from math import ceil

from msgspec import Struct
from returns.result import Failure, Result, Success

_SECONDS_IN_A_MINUTE = 60


class Throttled(Struct, frozen=True):
    """Too much was asked for; after so many whole seconds it may be asked for again."""

    retry_after_seconds: int


class Balance(Struct, frozen=True):
    """What is left, at a moment in seconds of a clock that only goes forward."""

    left: float
    at: float


class Allowance(Struct, frozen=True):
    """So many a minute, spread evenly, of which a minute's worth can be saved up."""

    per_minute: int

    def full(self, now: float) -> Balance:
        """Give the balance of somebody who has not asked for anything yet."""
        return Balance(self.per_minute, now)

    def take(self, balance: Balance, amount: int, now: float) -> Result[Balance, Throttled]:
        """Take an amount and return what is left, or how long to wait for it.

        What is larger than a minute's worth is given against a full balance, and paid off afterwards:
        else it could never be had.
        """
        available = self.refilled(balance, now)
        needed = min(amount, self.per_minute)
        if available.left < needed:
            missing = needed - available.left
            return Failure(Throttled(ceil(missing * _SECONDS_IN_A_MINUTE / self.per_minute)))
        return Success(Balance(available.left - amount, now))

    def refilled(self, balance: Balance, now: float) -> Balance:
        """Give the balance as it is now."""
        gained = (now - balance.at) * self.per_minute / _SECONDS_IN_A_MINUTE
        return Balance(min(self.per_minute, balance.left + gained), now)
