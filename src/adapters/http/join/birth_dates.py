"""Reads a date of birth from three fields, as people type it.

Source: https://design-system.service.gov.uk/components/date-input/
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.patient_reports import EARLIEST_BIRTH

DAY, MONTH, YEAR = "day", "month", "year"

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORTEST_NAME = 3
_EXAMPLE = "for example 31 3 1980"


class NoBirthDate(Struct, frozen=True):
    """The fields that are wrong, and a sentence that says how."""

    fields: Sequence[str]
    sentence: str


def birth_date(day: str, month: str, year: str, today: date) -> Result[date, NoBirthDate]:
    """Read the date. The month may be a name. The date lies between 1880 and today."""
    day, month, year = map(_as_meant, (day, month, year))
    typed = {DAY: day, MONTH: month, YEAR: year}
    missing = [field for field, text in typed.items() if not text]
    if len(missing) == len(typed):
        return Failure(NoBirthDate(missing, "Enter your date of birth"))
    if missing:
        return Failure(NoBirthDate(missing, f"Your date of birth must include a {' and a '.join(missing)}"))
    if not re.fullmatch(r"\d{4}", year):
        return Failure(NoBirthDate([YEAR], "The year of your birth must have 4 numbers, for example 1980"))
    try:
        born = date(int(year), _month(month), _day(day))
    except ValueError:
        return Failure(NoBirthDate([*typed], f"Your date of birth must be a real date, {_EXAMPLE}"))
    if born > today:
        return Failure(NoBirthDate([*typed], "Your date of birth must be in the past"))
    if born < EARLIEST_BIRTH:
        return Failure(NoBirthDate([YEAR], f"The year of your birth must be {EARLIEST_BIRTH.year} or later"))
    return Success(born)


def _as_meant(text: str) -> str:
    """Leave out what copying and phones add: invisible characters, and full stops at the ends."""
    visible = (each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return "".join(visible).strip(" .")


def _day(text: str) -> int:
    number = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?", text.lower())
    return int(number[1]) if number else 0


def _month(text: str) -> int:
    if re.fullmatch(r"\d{1,2}", text):
        return int(text)
    name = text.casefold()
    if len(name) < _SHORTEST_NAME:
        return 0
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)
