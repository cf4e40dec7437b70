"""Patient identifiers in CSV, or one NHS number a line."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias, assert_never

from returns.result import Failure, Result, Success

from domain.identifier_system import IdentifierSystem
from domain.patient_identifier import MalformedIdentifierValue, PatientIdentifier, UnsupportedIdentifierSystem
from domain.work_list import BadLine, ListedIdentifier

ListedLine: TypeAlias = Result[ListedIdentifier, BadLine]

_COLUMNS: Mapping[str, IdentifierSystem] = {
    "nhs_number": IdentifierSystem.NHS_NUMBER,
    "chi_number": IdentifierSystem.CHI_NUMBER,
    "health_and_care_number": IdentifierSystem.HEALTH_AND_CARE_NUMBER,
}
_PAIR = {"system", "value"}

_Named: TypeAlias = tuple[str, str]
"""A system and a value."""


class UnknownHeaderError(Exception):
    """The first line is neither a number nor names columns that are known."""


def read_identifiers(lines: Iterable[str]) -> Iterator[ListedLine]:
    """Read an identifier a line, lazily. Raises UnknownHeaderError.

    The first line says which form it is: the columns `system` and `value`, or those of `patients import`, of
    whose numbers the first one that is there counts; without a header, each line is an NHS number. A row
    never spans lines.
    """
    numbered = enumerate(lines, start=1)
    number, first = next(numbered, (1, ""))
    first = first.lstrip("\ufeff")
    columns = [column.strip().lower() for column in _fields(first) or ()]
    if {*columns} >= _PAIR:
        return _rows(numbered, columns, _pair)
    if {*columns} & _COLUMNS.keys():
        return _rows(numbered, columns, _first_number)
    if len(columns) > 1 or (first.strip() and not any(map(str.isdigit, first))):
        raise UnknownHeaderError("the first line names neither system,value nor the columns of an import")
    return _rows(chain([(number, first)], numbered), ["nhs_number"], _first_number)


def _rows(
    numbered: Iterable[tuple[int, str]],
    columns: Sequence[str],
    named_in: Callable[[Mapping[str, str]], _Named | None],
) -> Iterator[ListedLine]:
    for number, line in numbered:
        if line.strip():
            yield _read_row(number, _fields(line), columns, named_in)


def _read_row(
    number: int,
    fields: Sequence[str] | None,
    columns: Sequence[str],
    named_in: Callable[[Mapping[str, str]], _Named | None],
) -> ListedLine:
    if fields is None or len(fields) != len(columns):
        return Failure(BadLine(number, "the line is not CSV with the columns of the first line"))
    named = named_in(dict(zip(columns, map(str.strip, fields), strict=True)))
    if named is None:
        return Failure(BadLine(number, "the line has no identifier"))
    parsed = PatientIdentifier.parse(*named)
    if isinstance(parsed, Success):
        return Success(ListedIdentifier(number, parsed.unwrap()))
    problem = parsed.failure()
    match problem:
        case UnsupportedIdentifierSystem():
            return Failure(BadLine(number, "the system is not that of NHS, CHI or Health & Care numbers"))
        case MalformedIdentifierValue():
            return Failure(BadLine(number, "the number is not ten digits with a right check digit"))
        case _:
            assert_never(problem)


def _pair(row: Mapping[str, str]) -> _Named | None:
    return (row["system"], row["value"]) if row["system"] or row["value"] else None


def _first_number(row: Mapping[str, str]) -> _Named | None:
    return next(((_COLUMNS[name].value, row[name]) for name in _COLUMNS if row.get(name)), None)


def _fields(line: str) -> Sequence[str] | None:
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None
