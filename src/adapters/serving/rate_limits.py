"""Rate limits, counted in this process."""

from collections import OrderedDict
from collections.abc import Callable

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from adapters.serving.balances import Balances
from application.ports.access import RateLimits
from domain.access import Charged
from domain.rate_limits import RateLimit, Throttled, is_on_record
from domain.results import failed


class InProcessRateLimits(RateLimits):
    """Counts the requests to this process; other processes count theirs."""

    def __init__(self, per_minute: int, now: Callable[[], int]) -> None:
        """Allow each grant, and each caller alone, so many a minute, any number if 0.

        `now` is a monotonic clock, in nanoseconds.
        """
        self._balances: Balances[Charged] | None = (
            Balances(RateLimit(per_minute), now) if per_minute else None
        )
        self._now = now
        self._recorded_at: OrderedDict[Charged, int] = OrderedDict()

    async def take(self, charged: Charged, amount: int) -> Result[None, Throttled]:
        """Take an amount from a balance, or return how long to wait."""
        if self._balances is None:
            return Success(None)
        taken = self._balances.take(charged, amount)
        return Failure(self._noted(charged, taken.failure())) if failed(taken) else taken

    def not_recorded(self, charged: Charged) -> None:
        """Let the next throttled call be put on record."""
        self._recorded_at.pop(charged, None)

    def _noted(self, charged: Charged, throttled: Throttled) -> Throttled:
        now = self._now()
        if is_on_record(self._recorded_at.get(charged), now):
            return replace(throttled, on_record=True)
        self._recorded_at.pop(charged, None)
        # the oldest ones come first
        while self._recorded_at and not is_on_record(next(iter(self._recorded_at.values())), now):
            self._recorded_at.popitem(last=False)
        self._recorded_at[charged] = now
        return throttled
