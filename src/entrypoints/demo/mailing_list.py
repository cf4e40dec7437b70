"""A mail house's list of made-up people, and what the hospitals know of them.

NHS numbers are of the range that is kept for tests, and no postcode begins with ZZ.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import chain, count, islice

from returns.result import Success

from adapters.csv_patients import HEADER
from domain.identifier_system import IdentifierSystem
from domain.patient_identifier import PatientIdentifier

LENGTH = 20_000
"""Lines of the list, without the first one, which names the columns."""

_REPEATED = 3
_MISTYPED = 2
_PEOPLE = LENGTH - _REPEATED - _MISTYPED
_FIRST_NUMBER = 9_991_000_000

_OTHER_HOSPITALS = 99
_NOBODYS = 119
_ROUND = 120
"""One in twenty cannot be invited, for each reason in turn."""

_FORENAMES = ("Aisha", "Ben", "Carys", "Daniel", "Eilidh", "Farid", "Grace", "Huw", "Iona", "Jack", "Zoë")
_SURNAMES = ("Adams", "Begum", "Campbell", "Davies", "Evans", "Ŵyn-Jones", "O'Neill", "Patel", "Quinn")
_STREETS = (
    "Station Road",
    "Church Lane",
    "High Street",
    "Mill Lane",
    "Ffordd y Môr",
    "Park Avenue",
    "The Green",
)
_TOWNS = ("Ashbourne", "Brightwell", "Caerwen", "Dunmore", "Eastley")


def mailing_list() -> Iterator[str]:
    """Give the list as CSV, as `invitations generate` and `letters` take it; its last lines are wrong."""
    yield "nhs_number,name,address_1,address_2,postcode"
    numbers = _numbers()
    yield from map(_line, range(_PEOPLE), numbers)
    yield from map(_line, range(_REPEATED), numbers)
    yield from map(_line, range(_MISTYPED), map(_mistyped, numbers))


def hospital_patients(today: date) -> Iterator[str]:
    """Give those whom the hospital knows, as the CSV that `invitations patients import` takes."""
    known = (_known(place, number, today) for place, number in enumerate(_numbers()))
    return chain([",".join(HEADER)], filter(None, known))


def other_hospital_patients() -> Iterator[str]:
    """Give those whom only another hospital knows, likewise."""
    known = islice(_numbers(), _OTHER_HOSPITALS, None, _ROUND)
    return chain([",".join(HEADER)], (f"{number},,,1958-12-24,," for number in known))


def _known(place: int, number: str, today: date) -> str | None:
    match place % _ROUND:
        case 19:
            return f"{number},,,1931-06-09,true,"
        case 39:
            return f"{number},,,1977-07-07,,true"
        case 59:
            return f"{number},,,{today.year - 10}-01-01,,"
        case 79:
            return f"{number},,,,,"
        case rest if rest in {_OTHER_HOSPITALS, _NOBODYS}:
            return None
        case _:
            return f"{number},,,{date(1940, 1, 1) + timedelta(days=place)},,"


@cache
def _numbers() -> Sequence[str]:
    candidates = map(str, count(_FIRST_NUMBER))
    return [*islice(filter(_is_nhs_number, candidates), _PEOPLE)]


def _is_nhs_number(text: str) -> bool:
    return isinstance(PatientIdentifier.parse(IdentifierSystem.NHS_NUMBER, text), Success)


def _mistyped(number: str) -> str:
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def _line(place: int, number: str) -> str:
    name = f"{_FORENAMES[place % len(_FORENAMES)]} {_SURNAMES[place % len(_SURNAMES)]}"
    street = f"{1 + place % 180} {_STREETS[place % len(_STREETS)]}"
    return f"{number},{name},{street},{_TOWNS[place % len(_TOWNS)]},ZZ{1 + place % 99} {place % 10}ZZ"
