"""The port to time."""

from datetime import date, datetime
from typing import Protocol


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
