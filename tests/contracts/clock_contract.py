"""The contract of `Clock`. The consumer supplies the fixture `clock`."""

from datetime import UTC, date, datetime, timedelta

import pytest

from application.ports.system import Clock


class ClockContract:
    def test_the_instant_is_in_utc(self, clock: Clock) -> None:
        assert clock.instant().tzinfo == UTC

    def test_time_does_not_run_backwards(self, clock: Clock) -> None:
        earlier = clock.instant()

        later = clock.instant()

        assert earlier <= later

    def test_today_is_a_date_without_a_time(self, clock: Clock) -> None:
        assert type(clock.today()) is date

    def test_today_is_the_date_of_the_instant_or_of_an_hour_later_as_in_london(self, clock: Clock) -> None:
        before = clock.instant()

        today = clock.today()

        after = clock.instant() + timedelta(hours=1)
        assert before.date() <= today <= after.date()

    @pytest.mark.parametrize(
        ("month", "day"),
        [pytest.param(1, 9, id="winter"), pytest.param(7, 10, id="summer")],
    )
    def test_the_day_of_a_moment_late_at_night_is_that_in_london(
        self, clock: Clock, month: int, day: int
    ) -> None:
        late = datetime(2027, month, 9, 23, 30, tzinfo=UTC)

        assert clock.day_of(late) == date(2027, month, day)
