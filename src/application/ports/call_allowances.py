"""The port to what each caller may still ask for."""

from typing import Protocol

from returns.result import Result

from domain.allowance import Throttled
from domain.caller import Grant


class CallAllowances(Protocol):
    """Keeps account of how much is asked for under each grant."""

    async def take(self, grant: Grant, amount: int) -> Result[None, Throttled]:
        """Take an amount from what the grant allows, or tell how long to wait. Raises `Unavailable`."""
        ...
