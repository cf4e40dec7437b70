"""Generates any number of fictitious patients."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from adapters.csv.patients import HEADER
from domain.identifiers import IdentifierSystem, RequestedIdentifier

BORN = "1970-01-01"
"""The date of birth of patients who may all be invited."""

_FIRST_STEM = 400_000_000
_STRIDE = 618_033_989
"""A prime. Steps of it reach every number of a smaller range, and neighbours are far apart."""
_WEIGHTS = range(10, 1, -1)
_NO_CHECK_DIGIT = 10
_SEED = 20261122


def nhs_numbers() -> Iterator[str]:
    """Generate NHS numbers in ascending order, in the range of England and Wales."""
    return filter(None, map(_nhs_number, range(_FIRST_STEM, 2 * _FIRST_STEM)))


def draw_identifiers(draw: Random, count: int, population: int) -> Sequence[RequestedIdentifier]:
    """Draw different patients from a population, without a list of them."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        number = _nhs_number(_FIRST_STEM + draw.randrange(population))
        if number is not None:
            drawn[number] = None
    return [RequestedIdentifier(IdentifierSystem.NHS_NUMBER.value, number) for number in drawn]


def scattered_identifiers(population: int) -> Iterator[RequestedIdentifier]:
    """Generate each patient of a population once, neighbours far apart: those of `draw_identifiers`."""
    numbers = (_nhs_number(_FIRST_STEM + step * _STRIDE % population) for step in range(population))
    return (RequestedIdentifier(IdentifierSystem.NHS_NUMBER.value, number) for number in numbers if number)


def write_patients(file: Path, rows: int, skip: int = 0) -> None:
    """Write a file for `invitations patients import`: one patient in 50 deceased, one in 5 registered."""
    draw = Random(_SEED)  # noqa: S311 - made-up patients, not secrets
    with file.open("w") as out:
        print(",".join(HEADER), file=out)
        for number in islice(nhs_numbers(), skip, skip + rows):
            born = f"{draw.randrange(1925, 2020)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
            deceased = "true" if draw.randrange(50) == 0 else ""
            registered = "true" if draw.randrange(5) == 0 else ""
            print(f"{number},,,{born},{deceased},{registered}", file=out)


def write_invitable_patients(file: Path, rows: int) -> None:
    """Write a file for `invitations patients import` with patients who may all be invited."""
    with file.open("w") as out:
        print(",".join(HEADER), file=out)
        for number in islice(nhs_numbers(), rows):
            print(f"{number},,,{BORN},false,false", file=out)


def _nhs_number(stem: int) -> str | None:
    digits = str(stem)
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    check_digit = -weighted % 11
    return None if check_digit == _NO_CHECK_DIGIT else f"{digits}{check_digit}"
