"""A step of the use cases: charge callers what they ask for, and record that one is throttled."""

from collections.abc import Awaitable, Callable
from functools import partial

from returns.result import Result

from application.audit_recorder import AuditRecorder
from application.ports.access import RateLimits
from domain.access import AuthorisedCaller, AuthorisedPortal, Caller, CallerAlone, Charged, Operation
from domain.audit import Outcome
from domain.rate_limits import Throttled
from domain.results import failed


class ChargeCallers:
    """Charge callers what they ask for.

    Throttling is recorded in the audit once a minute. If that fails, the next throttled call records it.
    """

    def __init__(self, allowances: RateLimits, record: AuditRecorder) -> None:
        """Count by `allowances`."""
        self._allowances = allowances
        self._record = record

    async def call(self, authorised: AuthorisedCaller | AuthorisedPortal) -> Result[None, Throttled]:
        """Charge a call to the caller's grant. Raises `Unavailable`."""
        record = partial(self._record.refused, authorised, Outcome.THROTTLED)
        return await self._charge(authorised.grant, 1, record)

    async def refused_call(self, operation: Operation, caller: Caller) -> Result[None, Throttled]:
        """Charge a refused call to the caller alone. Raises `Unavailable`."""
        record = partial(self._record.turned_away, operation, Outcome.THROTTLED, caller)
        return await self._charge(CallerAlone(caller.client_id), 1, record)

    async def patients(self, authorised: AuthorisedCaller, asked: int) -> Result[None, Throttled]:
        """Charge so many patients to the caller's grant. Raises `Unavailable`."""
        record = partial(self._record.refused, authorised, Outcome.THROTTLED, asked)
        return await self._charge(authorised.grant, asked, record)

    async def _charge(
        self, charged: Charged, amount: int, record: Callable[[], Awaitable[None]]
    ) -> Result[None, Throttled]:
        taken = await self._allowances.take(charged, amount)
        if failed(taken) and not taken.failure().on_record:
            try:
                await record()
            except BaseException:  # also that of a caller that hangs up
                self._allowances.not_recorded(charged)
                raise
        return taken
