"""A step of the use cases: put throttling on record once a minute."""

from collections.abc import Awaitable, Callable

from application.ports.access import RateLimits
from domain.access import Charged
from domain.rate_limits import Throttled


async def put_throttling_on_record(
    allowances: RateLimits, charged: Charged, throttled: Throttled, record: Callable[[], Awaitable[None]]
) -> None:
    """Record it, unless it is on record. If that fails, the next call records it. Raises `Unavailable`."""
    if throttled.on_record:
        return
    try:
        await record()
    except BaseException:  # also that of a caller that hangs up
        allowances.not_recorded(charged)
        raise
