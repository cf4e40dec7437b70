"""The ports to the machine: time, pauses, work at the same time, and readiness."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Unavailable(Exception):  # noqa: N818 - a state of the world, not a mistake
    """A system that the service depends on does not answer now; the same call may succeed later.

    Driven adapters raise it, or a subclass, instead of their libraries' exceptions. The call has stored
    nothing, unless the adapter's documentation says otherwise.
    """


class Clock(Protocol):
    """Gives the time."""

    def instant(self) -> datetime:
        """Give the present moment, in UTC."""
        ...

    def today(self) -> date:
        """Give the calendar date in Europe/London, by which ages are counted."""
        ...

    def day_of(self, instant: datetime) -> date:
        """Give the calendar date in Europe/London of a moment."""
        ...


class Pauses(Protocol):
    """Waits before a request is sent again."""

    def spread(self) -> float:
        """Draw a random number from 0 to 1, so that clients do not all wait equally long."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return after this many seconds, not earlier."""
        ...


class Concurrency(Protocol):
    """Does several things at the same time."""

    async def both(self, first: Awaitable[T], second: Awaitable[U]) -> tuple[T, U]:
        """Return both results. Raises the first exception of the two."""
        ...

    async def give_way(self) -> None:
        """Let other work continue."""
        ...

    def in_order(self, calls: Iterable[Callable[[], Awaitable[T]]], at_once: int) -> AsyncGenerator[T, None]:
        """Give the results of the calls in the order of the calls, of which at most `at_once` run.

        The next call begins when a result is asked for. To close the generator early cancels the calls
        that run.
        """
        ...


class ReadinessCheck(Protocol):
    """Checks a system that the service depends on."""

    async def problem(self) -> str | None:
        """Say in a sentence what is wrong, without secrets; None if nothing is."""
        ...
