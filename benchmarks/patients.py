"""Made-up patients, any number of them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

from adapters.csv_patients import HEADER
from domain.identifier_system import IdentifierSystem
from domain.patient_identifier import PatientIdentifier

_FIRST_STEM = 400_000_000
_WEIGHTS = range(10, 1, -1)
_NO_CHECK_DIGIT = 10
_SEED = 20261122


def nhs_numbers() -> Iterator[PatientIdentifier]:
    """Give NHS numbers in ascending order, of the range that England and Wales use."""
    for stem in range(_FIRST_STEM, 2 * _FIRST_STEM):
        weighted = sum(int(digit) * weight for digit, weight in zip(str(stem), _WEIGHTS, strict=True))
        check_digit = -weighted % 11
        if check_digit != _NO_CHECK_DIGIT:
            yield PatientIdentifier(IdentifierSystem.NHS_NUMBER, f"{stem}{check_digit}")


def write_patients(file: Path, rows: int) -> None:
    """Write patients as `invitations patients import` takes them: one in 50 deceased, one in 5 registered."""
    draw = Random(_SEED)  # noqa: S311 - made-up patients, not secrets
    with file.open("w") as out:
        print(",".join(HEADER), file=out)
        for identifier in islice(nhs_numbers(), rows):
            born = f"{draw.randrange(1925, 2020)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
            deceased = "true" if draw.randrange(50) == 0 else ""
            registered = "true" if draw.randrange(5) == 0 else ""
            print(f"{identifier.value},,,{born},{deceased},{registered}", file=out)
