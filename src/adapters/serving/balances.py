"""The balances of a rate limit, kept in this process."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from returns.result import Failure, Result, Success

from domain.rate_limits import Balance, RateLimit, Throttled
from domain.results import failed

BALANCES_TO_KEEP = 10_000
"""How many there are before full ones, which need not be kept, are dropped."""

Name = TypeVar("Name", bound=Hashable)


class Balances(Generic[Name]):
    """A balance for each name, such as a grant or an address. A name that is not kept has a full one."""

    def __init__(self, limit: RateLimit, now: Callable[[], int]) -> None:
        """`now` is a monotonic clock, in nanoseconds."""
        self._limit = limit
        self._now = now
        self._balances: dict[Name, Balance] = {}
        self._drop_at = BALANCES_TO_KEEP

    def __len__(self) -> int:
        """Count the balances that are kept."""
        return len(self._balances)

    def take(self, name: Name, amount: int = 1) -> Result[None, Throttled]:
        """Take an amount, or return how long to wait for it."""
        now = self._now()
        taken = self._limit.take(self._balance(name, now), amount, now)
        if failed(taken):
            return Failure(taken.failure())
        if len(self._balances) >= self._drop_at:
            self._drop_full(now)
        self._balances[name] = taken.unwrap()
        return Success(None)

    def give_back(self, name: Name, amount: int = 1) -> None:
        """Give back an amount that was taken."""
        now = self._now()
        self._balances[name] = self._limit.give_back(self._balance(name, now), amount, now)

    def _balance(self, name: Name, now: int) -> Balance:
        return self._balances.get(name) or self._limit.full(now)

    def _drop_full(self, now: int) -> None:
        full = self._limit.full(now)
        self._balances = {
            name: balance
            for name, balance in self._balances.items()
            if self._limit.refilled(balance, now) != full
        }
        # so that the walk through all balances stays rare, even if few of them are full
        self._drop_at = max(BALANCES_TO_KEEP, 2 * len(self._balances))
