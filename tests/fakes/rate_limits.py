"""Rate limits that a test sets."""

from math import inf

from returns.result import Failure, Result, Success

from application.ports.access import RateLimits
from domain.access import Grant, RedemptionGrant
from domain.rate_limits import Throttled


class CountedRateLimits(RateLimits):
    """Allows each grant an amount, or any number. A test can renew the amount."""

    throttled = Throttled(retry_after_seconds=30)

    def __init__(self, at_most: float = inf) -> None:
        self._at_most = at_most
        self._taken: dict[Grant | RedemptionGrant, float] = {}

    async def take(self, grant: Grant | RedemptionGrant, amount: int) -> Result[None, Throttled]:
        taken = self._taken.get(grant, 0)
        if not self._at_most or taken + min(amount, self._at_most) > self._at_most:
            return Failure(self.throttled)
        self._taken[grant] = taken + amount
        return Success(None)

    def renew(self) -> None:
        self._taken.clear()
