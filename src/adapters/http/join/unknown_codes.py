"""Limits how many unknown codes are tried from one address, counted in this process."""

from collections.abc import Callable

from returns.result import Failure, Result, Success

from domain.rate_limits import Balance, RateLimit, Throttled
from domain.results import failed

_LIMIT = RateLimit(10)
"""A minute. Many people share the address of a mobile network, and a code has 50 random bits."""

_BALANCES_TO_KEEP = 10_000
"""How many balances there are before full ones, which need not be kept, are dropped."""


class UnknownCodes:
    """Counts a try before it is judged, and gives it back if its code was known."""

    def __init__(self, now: Callable[[], int]) -> None:
        """Start with no tries; `now` is a monotonic clock, in nanoseconds."""
        self._now = now
        self._balances: dict[str, Balance] = {}
        self._drop_at = _BALANCES_TO_KEEP

    def __len__(self) -> int:
        """Count the addresses that are remembered."""
        return len(self._balances)

    def take(self, address: str) -> Result[None, Throttled]:
        """Count a try, or return how long to wait for it."""
        now = self._now()
        taken = _LIMIT.take(self._balances.get(address) or _LIMIT.full(now), 1, now)
        if failed(taken):
            return Failure(taken.failure())
        self._drop_full_balances(now)
        self._balances[address] = taken.unwrap()
        return Success(None)

    def give_back(self, address: str) -> None:
        """Forget a try."""
        now = self._now()
        balance = _LIMIT.give_back(self._balances.get(address) or _LIMIT.full(now), 1, now)
        self._balances[address] = balance

    def _drop_full_balances(self, now: int) -> None:
        if len(self._balances) < self._drop_at:
            return
        self._balances = {
            address: balance
            for address, balance in self._balances.items()
            if _LIMIT.refilled(balance, now) != _LIMIT.full(now)
        }
        # so that the walk through all balances stays rare, even if few of them are full
        self._drop_at = max(_BALANCES_TO_KEEP, 2 * len(self._balances))
