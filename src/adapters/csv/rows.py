"""Rows of CSV that name patients, whatever else they say."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, assert_never

from returns.result import Failure, Result, Success

from domain.identifiers import (
    IdentifierSystem,
    MalformedIdentifierValue,
    PatientIdentifier,
    UnsupportedIdentifierSystem,
)
from domain.mailing.work_list import BadLine

NUMBER_COLUMNS: Mapping[str, IdentifierSystem] = {
    "nhs_number": IdentifierSystem.NHS_NUMBER,
    "chi_number": IdentifierSystem.CHI_NUMBER,
    "health_and_care_number": IdentifierSystem.HEALTH_AND_CARE_NUMBER,
}
PAIR_COLUMNS = {"system", "value"}

NO_IDENTIFIER = "the line has no identifier"

Row: TypeAlias = Mapping[str, str]
"""The fields of a line by column, without the space around them."""


class UnknownHeaderError(Exception):
    """The first line does not name columns that are known."""


def column_names(line: str) -> Sequence[str]:
    """Read a first line; columns are known in capital letters too."""
    return [column.strip().lower() for column in _fields(line.lstrip("\ufeff")) or ()]


def read_rows(
    numbered: Iterable[tuple[int, str]], columns: Sequence[str]
) -> Iterator[tuple[int, Result[Row, BadLine]]]:
    """Read the lines that are not empty. A row never spans lines."""
    for number, line in numbered:
        if line.strip():
            yield number, _read_row(number, _fields(line), columns)


def read_identifier(number: int, system: str, value: str) -> Result[PatientIdentifier, BadLine]:
    """Read the identifier that the line with this number has."""
    parsed = PatientIdentifier.parse(system, value)
    if isinstance(parsed, Success):
        return Success(parsed.unwrap())
    problem = parsed.failure()
    match problem:
        case UnsupportedIdentifierSystem():
            return Failure(BadLine(number, "the system is not that of NHS, CHI or Health & Care numbers"))
        case MalformedIdentifierValue():
            return Failure(BadLine(number, "the number is not ten digits with a right check digit"))
        case _:
            assert_never(problem)


def _read_row(number: int, fields: Sequence[str] | None, columns: Sequence[str]) -> Result[Row, BadLine]:
    if fields is None or len(fields) != len(columns):
        return Failure(BadLine(number, "the line is not CSV with the columns of the first line"))
    return Success(dict(zip(columns, map(str.strip, fields), strict=True)))


def _fields(line: str) -> Sequence[str] | None:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
