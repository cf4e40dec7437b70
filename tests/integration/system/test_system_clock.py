"""The clock gives the machine's time, and the date in London."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.system import SystemClock
from tests.contracts.clock_contract import ClockContract

LONDON = ZoneInfo("Europe/London")


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()


def test_the_instant_is_the_machines() -> None:
    before = datetime.now(UTC)

    instant = SystemClock().instant()

    assert before <= instant <= datetime.now(UTC)


def test_today_is_the_date_in_london() -> None:
    before = datetime.now(LONDON).date()

    today = SystemClock().today()

    assert today in {before, datetime.now(LONDON).date()}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_today_is_the_date_in_london_wherever_the_machine_is(zone: str) -> None:
    script = "from adapters.system import SystemClock; print(SystemClock().today())"
    before = datetime.now(LONDON).date()

    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout.strip() in {str(before), str(datetime.now(LONDON).date())}
