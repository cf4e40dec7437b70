"""A date of birth in three fields."""

from datetime import date

import pytest

from adapters.http.join.birth_dates import birth_date

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        pytest.param("31", "3", "1980", date(1980, 3, 31), id="numbers"),
        pytest.param("01", "03", "1980", date(1980, 3, 1), id="leading-zeros"),
        pytest.param("29", "2", "1984", date(1984, 2, 29), id="leap-day"),
        pytest.param("5", "May", "1980", date(1980, 5, 5), id="name-of-month"),
        pytest.param("5", "sept", "1980", date(1980, 9, 5), id="short-name-of-month"),
        pytest.param("5.", "Sep.", "1980.", date(1980, 9, 5), id="full-stops"),
        pytest.param("1st", "5", "1980", date(1980, 5, 1), id="1st"),
        pytest.param("22ND", "5", "1980", date(1980, 5, 22), id="22nd"),
        pytest.param("\u200e5", "\u202a5\u202c", "1980\u200b", date(1980, 5, 5), id="invisible-characters"),
        pytest.param("\uff15", "\uff15", "\uff11\uff19\uff18\uff10", date(1980, 5, 5), id="full-width"),
        pytest.param("1", "1", "1880", date(1880, 1, 1), id="earliest"),
        pytest.param("29", "11", "2026", TODAY, id="today"),
    ],
)
def test_reads_what_people_type(day: str, month: str, year: str, expected: date) -> None:
    assert birth_date(day, month, year, TODAY).unwrap() == expected


@pytest.mark.parametrize(
    ("day", "month", "year", "fields", "sentence"),
    [
        pytest.param("", "", "", ["day", "month", "year"], "Enter your date of birth", id="nothing"),
        pytest.param(
            "31", "", "1980", ["month"], "Your date of birth must include a month", id="one-missing"
        ),
        pytest.param(
            "", "3", "", ["day", "year"], "Your date of birth must include a day and a year", id="two-missing"
        ),
        pytest.param(
            "31",
            "3",
            "80",
            ["year"],
            "The year of your birth must have 4 numbers, for example 1980",
            id="short-year",
        ),
        *(
            pytest.param(
                *typed,
                "1980",
                ["day", "month", "year"],
                "Your date of birth must be a real date, for example 31 3 1980",
                id=name,
            )
            for name, typed in {
                "31-february": ("31", "2"),
                "29-february-of-a-common-year": ("30", "2"),
                "13th-month": ("1", "13"),
                "no-day": ("x", "1"),
                "no-number": ("st", "1"),
                "day-of-three-digits": ("001", "1"),
                "no-month": ("1", "foo"),
                "month-of-two-letters": ("1", "ju"),
            }.items()
        ),
        pytest.param(
            "30",
            "11",
            "2026",
            ["day", "month", "year"],
            "Your date of birth must be in the past",
            id="tomorrow",
        ),
        pytest.param(
            "31",
            "12",
            "1879",
            ["year"],
            "The year of your birth must be 1880 or later",
            id="implausibly-early",
        ),
    ],
)
def test_says_which_fields_are_wrong(
    day: str, month: str, year: str, fields: list[str], sentence: str
) -> None:
    wrong = birth_date(day, month, year, TODAY).failure()

    assert (wrong.fields, wrong.sentence) == (fields, sentence)
