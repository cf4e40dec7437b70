"""Rate limits, counted in this process."""

from collections.abc import Callable

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.ports.access import RateLimits
from domain.access import Charged
from domain.rate_limits import Balance, RateLimit, Throttled, is_on_record
from domain.results import failed

_BALANCES_TO_KEEP = 10_000
"""How many balances there are before full ones, which need not be kept, are dropped."""


class InProcessRateLimits(RateLimits):
    """Counts the requests to this process; other processes count theirs."""

    def __init__(self, per_minute: int, now: Callable[[], int]) -> None:
        """Allow each grant, and each caller alone, so many a minute, any number if 0.

        `now` is a monotonic clock, in nanoseconds.
        """
        self._allowance = RateLimit(per_minute) if per_minute else None
        self._now = now
        self._balances: dict[Charged, Balance] = {}
        self._recorded_at: dict[Charged, int] = {}
        self._drop_at = _BALANCES_TO_KEEP

    async def take(self, charged: Charged, amount: int) -> Result[None, Throttled]:
        """Take an amount from a balance, or return how long to wait."""
        if self._allowance is None:
            return Success(None)
        now = self._now()
        balance = self._balances.get(charged) or self._allowance.full(now)
        taken = self._allowance.take(balance, amount, now)
        if failed(taken):
            return Failure(self._noted(charged, taken.failure(), now))
        if len(self._balances) >= self._drop_at:
            self._drop_full_balances(self._allowance, now)
        self._balances[charged] = taken.unwrap()
        return Success(None)

    def not_recorded(self, charged: Charged) -> None:
        """Let the next throttled call be put on record."""
        self._recorded_at.pop(charged, None)

    def _noted(self, charged: Charged, throttled: Throttled, now: int) -> Throttled:
        if is_on_record(self._recorded_at.get(charged), now):
            return replace(throttled, on_record=True)
        self._recorded_at[charged] = now
        return throttled

    def _drop_full_balances(self, allowance: RateLimit, now: int) -> None:
        self._balances = {
            charged: balance
            for charged, balance in self._balances.items()
            if allowance.refilled(balance, now) != allowance.full(now)
        }
        self._recorded_at = {
            charged: at for charged, at in self._recorded_at.items() if is_on_record(at, now)
        }
        # so that the walk through all balances stays rare, even if few of them are full
        self._drop_at = max(_BALANCES_TO_KEEP, 2 * len(self._balances))
