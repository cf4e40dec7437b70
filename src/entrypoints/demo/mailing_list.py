"""A mail house's list of made-up people, and the directory of `demo --sample`.

NHS numbers are of the range that is reserved for tests, and no real postcode begins with ZZ.
"""

import shlex
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import chain, count, islice
from pathlib import Path

import click

from adapters.csv.patients import HEADER
from adapters.letters.new_file import write_new_file
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.results import failed
from entrypoints.demo.sample import HOSPITAL

LENGTH = 20_000
"""Lines of the list, without the header."""

_REPEATED = 3
_MISTYPED = 2
_PEOPLE = LENGTH - _REPEATED - _MISTYPED
_FIRST_NUMBER = 9_991_000_000

_OTHER_HOSPITALS = 99
_UNKNOWN = 119
_HELD = 139
_ROUND = 140
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
    """Give the list as CSV for `invitations generate` and `letters`; its last lines are wrong."""
    yield "nhs_number,name,address_1,address_2,postcode"
    numbers = _numbers()
    yield from map(_line, range(_PEOPLE), numbers)
    yield from map(_line, range(_REPEATED), numbers)
    yield from map(_line, range(_MISTYPED), map(_mistyped, numbers))


def hospital_patients(today: date) -> Iterator[str]:
    """Give the patients that the hospital knows, as CSV for `invitations patients import`."""
    known = (_known(place, number, today) for place, number in enumerate(_numbers()))
    return chain([",".join(HEADER)], filter(None, known))


def other_hospital_patients() -> Iterator[str]:
    """Give the patients that only another hospital knows, in the same format."""
    known = islice(_numbers(), _OTHER_HOSPITALS, None, _ROUND)
    return chain([",".join(HEADER)], (f"{number},,,1958-12-24,," for number in known))


def held_patients() -> Iterator[str]:
    """Give those of the hospital's patients who must not be invited, as CSV for `patients hold`."""
    return chain(["nhs_number"], islice(_numbers(), _HELD, None, _ROUND))


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
        case rest if rest in {_OTHER_HOSPITALS, _UNKNOWN}:
            return None
        case _:
            return f"{number},,,{date(1940, 1, 1) + timedelta(days=place)},,"


@cache
def _numbers() -> Sequence[str]:
    candidates = map(str, count(_FIRST_NUMBER))
    return [*islice(filter(_is_nhs_number, candidates), _PEOPLE)]


def _is_nhs_number(text: str) -> bool:
    return not failed(PatientIdentifier.parse(IdentifierSystem.NHS_NUMBER, text))


def _mistyped(number: str) -> str:
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def _line(place: int, number: str) -> str:
    name = f"{_FORENAMES[place % len(_FORENAMES)]} {_SURNAMES[place % len(_SURNAMES)]}"
    street = f"{1 + place % 180} {_STREETS[place % len(_STREETS)]}"
    return f"{number},{name},{street},{_TOWNS[place % len(_TOWNS)]},ZZ{1 + place % 99} {place % 10}ZZ"


_PATIENTS = "patients.csv"
_ENVIRONMENT = "environment"


def make_sample(directory: Path) -> None:
    """Make a directory that holds the mailing list. Raises click.ClickException if it already exists."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        raise click.ClickException(f"{directory} already exists; choose another directory") from None
    text = "".join(f"{line}\n" for line in mailing_list())
    (directory / _PATIENTS).write_text(text, encoding="utf-8")


def add_environment(directory: Path, base_url: str, join_url: str, access_token: str) -> None:
    """Add a script with the settings that the commands need while the service runs."""
    variables = {
        "BASE_URL": base_url,
        "ORGANISATION": str(HOSPITAL.id),
        "JOIN_URL": join_url,
        "INVITATIONS_ACCESS_TOKEN": access_token,
    }
    script = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    write_new_file(directory / _ENVIRONMENT, script.encode())


def next_commands(directory: Path) -> str:
    """Give the commands that invite all patients on the list."""
    environment, patients, tokens = (
        shlex.quote(str(directory / name)) for name in (_ENVIRONMENT, _PATIENTS, "tokens.csv")
    )
    return (
        f". {environment}\n"
        'invitations generate --server "$BASE_URL" --organisation "$ORGANISATION" \\\n'
        f'  --join-url "$JOIN_URL" --identifiers {patients} --output {tokens}'
    )
