"""The ports to the machine: time, waiting, and whether what the service needs is there."""

from datetime import date, datetime
from typing import Protocol


class Unavailable(Exception):  # noqa: N818 - a state of the world, not a mistake
    """Something that the service depends on does not answer now; the same call may succeed later.

    Driven adapters raise it, or a subclass, in place of their libraries' exceptions. Nothing of the
    call that met it has been stored, unless the adapter's documentation says otherwise.
    """


class Clock(Protocol):
    """Tells the time."""

    def instant(self) -> datetime:
        """Give the present moment, in UTC."""
        ...

    def today(self) -> date:
        """Give the calendar date in Europe/London, by which ages are counted."""
        ...

    def day_of(self, instant: datetime) -> date:
        """Give the calendar date in Europe/London of a moment, by which people read it."""
        ...


class Pauses(Protocol):
    """Lets time pass."""

    def spread(self) -> float:
        """Draw a number from 0 to 1, unlike those that others draw."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return after so long, not earlier."""
        ...


class ReadinessCheck(Protocol):
    """Tells whether something that the service depends on is as it should be."""

    async def problem(self) -> str | None:
        """Say in a sentence what is wrong, without secrets; None when nothing is."""
        ...
