"""Limits tries, counted in this process: of unknown codes from one address, and of one code."""

from collections.abc import Callable

from returns.result import Failure, Result, Success

from domain.rate_limits import Balance, RateLimit, Throttled
from domain.results import failed

_LIMIT = RateLimit(10)
"""A minute. Many people share the address of a mobile network, and a code has 50 random bits. A person has
five tries with a known code."""

_BALANCES_TO_KEEP = 10_000
"""How many balances there are before full ones, which need not be kept, are dropped."""


class Tries:
    """Counts tries by address or by code, before they are judged. They can be given back."""

    def __init__(self, now: Callable[[], int]) -> None:
        """Start with no tries; `now` is a monotonic clock, in nanoseconds."""
        self._now = now
        self._balances: dict[str, Balance] = {}
        self._drop_at = _BALANCES_TO_KEEP

    def __len__(self) -> int:
        """Count the names that are remembered."""
        return len(self._balances)

    def take(self, name: str) -> Result[None, Throttled]:
        """Count a try, or return how long to wait for it."""
        now = self._now()
        taken = _LIMIT.take(self._balances.get(name) or _LIMIT.full(now), 1, now)
        if failed(taken):
            return Failure(taken.failure())
        self._drop_full_balances(now)
        self._balances[name] = taken.unwrap()
        return Success(None)

    def give_back(self, name: str) -> None:
        """Forget a try."""
        now = self._now()
        balance = _LIMIT.give_back(self._balances.get(name) or _LIMIT.full(now), 1, now)
        self._balances[name] = balance

    def _drop_full_balances(self, now: int) -> None:
        if len(self._balances) < self._drop_at:
            return
        self._balances = {
            name: balance
            for name, balance in self._balances.items()
            if _LIMIT.refilled(balance, now) != _LIMIT.full(now)
        }
        # so that the walk through all balances stays rare, even if few of them are full
        self._drop_at = max(_BALANCES_TO_KEEP, 2 * len(self._balances))
