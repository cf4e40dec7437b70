"""What each caller may still ask for, kept in this process."""

from collections.abc import Callable

from returns.result import Failure, Result, Success

from application.ports.access import RateLimits
from domain.access import Grant
from domain.rate_limits import Balance, RateLimit, Throttled

_BALANCES_TO_KEEP = 10_000
"""How many balances are kept at least before those that are full again, which say nothing, are forgotten."""


class InProcessRateLimits(RateLimits):
    """Counts what this process is asked for; other processes count for themselves."""

    def __init__(self, per_minute: int, now: Callable[[], int]) -> None:
        """Allow each grant so many a minute, any number if 0; `now` tells nanoseconds, only ever forward."""
        self._allowance = RateLimit(per_minute) if per_minute else None
        self._now = now
        self._balances: dict[Grant, Balance] = {}
        self._forget_at = _BALANCES_TO_KEEP

    async def take(self, grant: Grant, amount: int) -> Result[None, Throttled]:
        """Take an amount from what the grant allows, or tell how long to wait."""
        if self._allowance is None:
            return Success(None)
        now = self._now()
        balance = self._balances.get(grant) or self._allowance.full(now)
        taken = self._allowance.take(balance, amount, now)
        if isinstance(taken, Failure):
            return Failure(taken.failure())
        if len(self._balances) >= self._forget_at:
            self._forget_full_balances(self._allowance, now)
        self._balances[grant] = taken.unwrap()
        return Success(None)

    def _forget_full_balances(self, allowance: RateLimit, now: int) -> None:
        self._balances = {
            grant: balance
            for grant, balance in self._balances.items()
            if allowance.refilled(balance, now) != allowance.full(now)
        }
        # so that going through all of them costs little a call, however few could be forgotten
        self._forget_at = max(_BALANCES_TO_KEEP, 2 * len(self._balances))
