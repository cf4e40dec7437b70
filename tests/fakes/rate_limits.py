"""Rate limits that a test sets."""

from math import inf

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.ports.access import RateLimits
from domain.access import Charged
from domain.rate_limits import Throttled


class CountedRateLimits(RateLimits):
    """Allows each grant an amount, or any number. A test can renew the amount."""

    throttled = Throttled(retry_after_seconds=30)

    def __init__(self, at_most: float = inf) -> None:
        self._at_most = at_most
        self._taken: dict[Charged, float] = {}
        self._on_record: set[Charged] = set()

    async def take(self, charged: Charged, amount: int) -> Result[None, Throttled]:
        taken = self._taken.get(charged, 0)
        if not self._at_most or taken + min(amount, self._at_most) > self._at_most:
            on_record = charged in self._on_record
            self._on_record.add(charged)
            return Failure(replace(self.throttled, on_record=on_record))
        self._taken[charged] = taken + amount
        return Success(None)

    def not_recorded(self, charged: Charged) -> None:
        self._on_record.discard(charged)

    def renew(self) -> None:
        self._taken.clear()
        self._on_record.clear()
