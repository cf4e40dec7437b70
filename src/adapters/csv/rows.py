"""The one reader of CSV: a first line that names columns, and a row a line."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import TypeAlias, TypeVar, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.identifiers import (
    IdentifierSystem,
    MalformedIdentifierValue,
    PatientIdentifier,
    UnsupportedIdentifierSystem,
)
from domain.results import failed

T = TypeVar("T")
E = TypeVar("E")

NUMBER_COLUMNS: Mapping[str, IdentifierSystem] = {
    "nhs_number": IdentifierSystem.NHS_NUMBER,
    "chi_number": IdentifierSystem.CHI_NUMBER,
    "health_and_care_number": IdentifierSystem.HEALTH_AND_CARE_NUMBER,
}
PAIR_COLUMNS = ("system", "value")

NO_IDENTIFIER = "the line has no identifier"

Fields: TypeAlias = Sequence[str]
"""The fields of the columns that are read, in their order, without the space around them."""


class UnknownHeaderError(Exception):
    """The first line does not name the columns that are needed."""


class BadLineError(Exception):
    """Ends the reading of a line; its text says what is wrong, and repeats nothing of the line."""


class Table(Struct, frozen=True):
    """Lines of CSV, and the columns that their first line names, in lower case."""

    columns: Sequence[str]
    numbered: Iterable[tuple[int, str]]

    @classmethod
    def open(cls, lines: Iterable[str]) -> "Table":
        """Read the first line, behind a byte order mark or not."""
        numbered = enumerate(lines, start=1)
        _number, header = next(numbered, (1, ""))
        return cls(_column_names(header), numbered)

    @classmethod
    def open_with_default(cls, lines: Iterable[str], column: str) -> "Table":
        """Read the first line, which belongs to the rows if a digit in it shows that it names no columns."""
        numbered = enumerate(lines, start=1)
        number, first = next(numbered, (1, ""))
        first = first.lstrip("\ufeff")
        columns = _column_names(first)
        if len(columns) > 1 or (first.strip() and not any(map(str.isdigit, first))):
            return cls(columns, numbered)
        return cls([column], chain([(number, first)], numbered))

    def rows(
        self,
        columns: Sequence[str],
        read: Callable[[int, Fields], T],
        bad: Callable[[int, str], E],
    ) -> Iterator[Result[T, E]]:
        """Read the lines that are not empty, lazily, with their numbers; a field is "" without its column.

        A row never spans lines, so that an unclosed quote spoils its own line alone. `read` raises
        BadLineError.
        """
        positions = {name: position for position, name in enumerate(self.columns)}
        in_order = itemgetter(*(positions.get(name, -1) for name in columns))
        for number, line in self.numbered:
            if line.strip():
                try:
                    yield Success(read(number, in_order(self._fields(line))))
                except BadLineError as problem:
                    yield Failure(bad(number, str(problem)))

    def _fields(self, line: str) -> list[str]:
        try:
            (fields,) = csv.reader([line], strict=True)
        except csv.Error:
            raise BadLineError("the line is not CSV") from None
        if len(fields) != len(self.columns):
            raise BadLineError(f"the line has {len(fields)} of {len(self.columns)} fields")
        return [*map(str.strip, fields), ""]


def read_number(column: str, number: str) -> PatientIdentifier:
    """Read the number in one of the columns of numbers. Raises BadLineError."""
    try:
        return PatientIdentifier(NUMBER_COLUMNS[column], number)
    except ValueError:
        raise BadLineError(f"{column} is not ten digits with a right check digit") from None


def read_pair(system: str, value: str) -> PatientIdentifier:
    """Read an identifier from a system and a value. Raises BadLineError."""
    parsed = PatientIdentifier.parse(system, value)
    if not failed(parsed):
        return parsed.unwrap()
    problem = parsed.failure()
    match problem:
        case UnsupportedIdentifierSystem():
            raise BadLineError("the system is not that of NHS, CHI or Health & Care numbers")
        case MalformedIdentifierValue():
            raise BadLineError("the number is not ten digits with a right check digit")
        case _:
            assert_never(problem)


def _column_names(line: str) -> Sequence[str]:
    try:
        fields = next(csv.reader([line.lstrip("\ufeff")], strict=True), [])
    except csv.Error:
        return ()
    return [column.strip().lower() for column in fields]
