"""The system's clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from application.ports.clock import Clock


class SystemClock(Clock):
    """Tells the time of the machine; the day in the United Kingdom."""

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
