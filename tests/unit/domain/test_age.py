from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.eligibility import age_on

BORN = date(2010, 12, 2)
BORN_ON_LEAP_DAY = date(2008, 2, 29)


@pytest.mark.parametrize(
    ("day", "age"),
    [
        pytest.param(date(2026, 12, 1), 15, id="the-day-before"),
        pytest.param(date(2026, 12, 2), 16, id="the-birthday"),
        pytest.param(date(2026, 12, 3), 16, id="the-day-after"),
        pytest.param(date(2026, 11, 30), 15, id="a-later-day-of-an-earlier-month"),
        pytest.param(date(2027, 1, 1), 16, id="an-earlier-day-of-a-later-year"),
    ],
)
def test_the_sixteenth_birthday_is_the_first_day_at_sixteen(day: date, age: int) -> None:
    assert age_on(day, BORN) == age


@pytest.mark.parametrize(
    ("day", "age"),
    [
        pytest.param(date(2026, 2, 28), 17, id="28-february-of-a-common-year"),
        pytest.param(date(2026, 3, 1), 18, id="1-march-of-a-common-year"),
        pytest.param(date(2028, 2, 28), 19, id="28-february-of-a-leap-year"),
        pytest.param(date(2028, 2, 29), 20, id="29-february-of-a-leap-year"),
    ],
)
def test_a_patient_born_on_29_february_grows_older_on_1_march_of_a_common_year(day: date, age: int) -> None:
    assert age_on(day, BORN_ON_LEAP_DAY) == age


def test_the_age_on_the_day_of_birth_is_zero() -> None:
    assert age_on(BORN, BORN) == 0


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2010, 12, 1), id="one-day-ahead"),
        pytest.param(date(2009, 12, 3), id="almost-a-year-ahead"),
    ],
)
def test_the_age_before_the_day_of_birth_is_below_zero(day: date) -> None:
    assert age_on(day, BORN) == -1


@given(born=st.dates(), first=st.dates(), second=st.dates())
def test_age_never_decreases(born: date, first: date, second: date) -> None:
    earlier, later = sorted((first, second))

    assert age_on(earlier, born) <= age_on(later, born)
