"""A clock that stands still."""

from datetime import date, datetime, timedelta

from application.ports.system import Clock


class FixedClock(Clock):
    """Gives the instant and the date that a test sets, which may differ."""

    def __init__(self, instant: datetime, today: date) -> None:
        self._instant = instant
        self._today = today

    def instant(self) -> datetime:
        return self._instant

    def today(self) -> date:
        return self._today

    def day_of(self, instant: datetime) -> date:
        """Approximate British Summer Time by the month."""
        return (instant + timedelta(hours=3 < instant.month < 10)).date()

    def let_pass(self, time: timedelta) -> None:
        """Move the instant on; the date stays."""
        self._instant += time
