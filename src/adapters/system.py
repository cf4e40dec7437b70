"""The machine: its clock, its randomness, its pauses and its event loop."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import UTC, date, datetime
from itertools import islice
from secrets import SystemRandom, token_bytes
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from application.ports.invitations import RequestIds
from application.ports.system import Clock, Concurrency, Pauses
from domain.invitations import RequestId

T = TypeVar("T")
U = TypeVar("U")


class SystemClock(Clock):
    """Gives the time of the machine, and the day in the United Kingdom."""

    def __init__(self) -> None:
        """Load the rules of British time."""
        self._london = ZoneInfo("Europe/London")

    def instant(self) -> datetime:
        """Give the present moment, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Give the calendar date in Europe/London."""
        return self.day_of(self.instant())

    def day_of(self, instant: datetime) -> date:
        """Give the calendar date in Europe/London of a moment."""
        return instant.astimezone(self._london).date()


class RandomRequestIds(RequestIds):
    """Draws ids from the operating system's source of randomness."""

    def draw(self) -> RequestId:
        """Give a fresh id; all of its 128 bits are random, so it has no version in the sense of RFC 9562."""
        return RequestId(UUID(bytes=token_bytes(16)))


class SystemPauses(Pauses):
    """Waits by the clock of the event loop."""

    def __init__(self) -> None:
        """Use the system's source of randomness."""
        self._random = SystemRandom()

    def spread(self) -> float:
        """Draw a number from 0 to 1."""
        return self._random.random()

    async def wait(self, seconds: float) -> None:
        """Return after this many seconds."""
        await asyncio.sleep(seconds)


class AsyncioConcurrency(Concurrency):
    """Runs tasks of the event loop."""

    async def both(self, first: Awaitable[T], second: Awaitable[U]) -> tuple[T, U]:
        """Return both results."""
        one, other = asyncio.ensure_future(first), asyncio.ensure_future(second)
        try:
            await asyncio.gather(one, other)
        finally:
            # what fails or is cancelled leaves nothing behind that still runs
            await _ended(one, other)
        return one.result(), other.result()

    async def give_way(self) -> None:
        """Let the other tasks continue."""
        await asyncio.sleep(0)

    async def in_order(
        self, calls: Iterable[Callable[[], Awaitable[T]]], at_once: int
    ) -> AsyncGenerator[T, None]:
        """Give the results of the calls in the order of the calls, of which at most `at_once` run."""
        remaining = iter(calls)
        running: deque[asyncio.Future[T]] = deque()
        try:
            while True:
                for call in islice(remaining, at_once - len(running)):
                    running.append(asyncio.ensure_future(call()))
                if not running:
                    return
                yield await running[0]
                running.popleft()
        finally:
            await _ended(*running)


async def _ended(*tasks: asyncio.Future[Any]) -> None:
    """Cancel what still runs, and wait until it has ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
