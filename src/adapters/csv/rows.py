"""The CSV reader of all commands: a first line that names columns, then one row a line."""

import csv
import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter, methodcaller
from typing import TypeAlias, TypeVar, assert_never

from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.csv.headers import column_names
from adapters.csv.separators import comma_separated
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
NOT_UTF_8 = 'the line is not UTF-8, but perhaps Windows-1252 ("ANSI"). Save the file as "CSV UTF-8".'
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands in a line for bytes that are not UTF-8."""

_BYTE_ORDER_MARK = "\ufeff"
_DIGITS = 10
_EMPTY_ROW = ',"' + string.whitespace

Fields: TypeAlias = Sequence[str]
"""The fields of the requested columns, in their order, without surrounding spaces."""


class UnknownHeaderError(Exception):
    """The first line does not name the required columns."""


class BadLineError(Exception):
    """A line cannot be read. The text says why, and quotes nothing of the line."""


class Table(Struct, frozen=True):
    """Lines of CSV, and the columns that their first line names, in lower case.

    Spreadsheets write columns without name and content, mostly at the right, and rows of commas. Both are
    ignored. Semicolons, tabs or vertical bars may separate the fields.
    """

    columns: Sequence[str]
    numbered: Iterable[tuple[int, str]]

    @property
    def names(self) -> Sequence[str]:
        """The columns that have a name."""
        return [name for name in self.columns if name]

    @classmethod
    def open(cls, lines: Iterable[str]) -> "Table":
        """Read the first line that is not empty, with or without a byte order mark.

        Raises UnknownHeaderError if there is none.
        """
        numbered = _numbered(lines)
        _number, header = _first_row(numbered)
        return cls(_column_names(header), numbered)

    @classmethod
    def open_with_default(cls, lines: Iterable[str], column: str) -> "Table":
        """Read the first line as `open` does. With a digit it is no header, but a row of `column`."""
        numbered = _numbered(lines)
        number, first = _first_row(numbered)
        columns = _column_names(first)
        if len(columns) > 1 or (columns and not any(map(str.isdigit, first))):
            return cls(columns, numbered)
        return cls([column], chain([(number, first)], numbered))

    def rows(
        self,
        columns: Sequence[str],
        read: Callable[[int, Fields], T],
        bad: Callable[[int, str], E],
    ) -> Iterator[Result[T, E]]:
        """Read the rows that are not empty, lazily, with their line numbers. A missing column reads as "".

        A row never spans lines, so that an unclosed quote spoils its own line alone. `read` raises
        BadLineError.
        """
        positions = {name: position for position, name in enumerate(self.columns)}
        in_order = itemgetter(*(positions.get(name, -1) for name in columns))
        fields_of = self._fields if all(self.columns) else self._named_fields
        for number, line in self.numbered:
            try:
                fields = fields_of(line)
                if any(fields):
                    yield Success(read(number, in_order(fields)))
            except BadLineError as problem:
                yield Failure(bad(number, NOT_UTF_8 if REPLACEMENT in line else str(problem)))

    def _fields(self, line: str) -> list[str]:
        """Give the fields of all columns, and an empty one at the end for columns that are missing."""
        fields = [*map(str.strip, split(line))]
        if len(fields) != len(self.columns):
            fields = self._without_empty_columns(fields)
        fields.append("")
        return fields

    def _named_fields(self, line: str) -> list[str]:
        fields = self._fields(line)
        if any(field and not name for field, name in zip(fields, self.columns, strict=False)):
            raise BadLineError("a field is in a column without a name")
        return fields

    def _without_empty_columns(self, fields: Sequence[str]) -> list[str]:
        width = len(self.columns)
        # a field without a column may be an address whose comma lacks quotes, so it is never dropped
        used = max((number for number, field in enumerate(fields, start=1) if field), default=0)
        if not used:
            return [""] * width
        if used > width or len(fields) < width:
            raise BadLineError(f"the line has {used if used > width else len(fields)} of {width} fields")
        return [*fields[:width]]


_PLAIN_CHARACTERS = 10_000
"""Lines may be longer, but then the CSV reader has to say whether they are too long."""


def split(line: str) -> Sequence[str]:
    """Split a line into its fields. Raises BadLineError."""
    # most lines are not quoted, and to split them at the commas takes a tenth of the time
    if '"' not in line and "\r" not in line and len(line) < _PLAIN_CHARACTERS:
        return line.split(",")
    try:
        fields = next(csv.reader([line], strict=True))
    except csv.Error:
        raise BadLineError("the line is not CSV") from None
    return [_FORMULA.sub(r"\1", field) for field in fields] if '="' in line else fields


_FORMULA = re.compile(r'\s*="([^"]*)"\s*')
"""How programs tell Excel that a number is a text."""


_BESIDE_TEXT = "'\N{RIGHT SINGLE QUOTATION MARK}" + string.whitespace


def visible(field: str) -> str:
    """Leave out invisible characters: zero-width spaces, soft hyphens, marks of direction or byte order."""
    if field.isascii():
        return field
    return "".join(each for each in field if unicodedata.category(each) != "Cf")


def plain(field: str) -> str:
    """Read a number or date without apostrophes, which keep it text in a spreadsheet, or quote it in SQL."""
    return visible(field).strip(_BESIDE_TEXT)


_SPACES = " \N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
_SPACED_DIGITS = re.compile(rf"[0-9]+(?:[{_SPACES}][0-9]+)+")
_WITHOUT_SPACES = str.maketrans("", "", _SPACES)


def plain_number(field: str) -> str:
    """Read a number, also as it is printed on letters and cards, such as 999 000 0018."""
    number = plain(field)
    return number.translate(_WITHOUT_SPACES) if _SPACED_DIGITS.fullmatch(number) else number


_SPOILT: Mapping[re.Pattern[str], str] = {
    re.compile(r"[0-9]{9}"): "has 9 digits: a spreadsheet drops leading zeros",
    re.compile(
        r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE
    ): "is written like 9.99E+09, so its digits are lost",
    re.compile(r"[0-9]{10}[.,]0+"): "is written with decimals",
}


def _number_problem(name: str, number: str) -> str:
    """Say why a number is none, and what a spreadsheet may have done to it."""
    for pattern, problem in _SPOILT.items():
        if pattern.fullmatch(number):
            return f"{name} {problem}. Format the column as text, and export it again."
    return f"{name} is not ten digits with a right check digit"


def read_number(column: str, number: str) -> PatientIdentifier:
    """Read the number in one of the columns of numbers. Raises BadLineError."""
    if len(number) > _DIGITS:
        number = plain_number(number)
    try:
        return PatientIdentifier(NUMBER_COLUMNS[column], number)
    except ValueError:
        raise BadLineError(_number_problem(column, number)) from None


def read_pair(system: str, value: str) -> PatientIdentifier:
    """Read an identifier from a system and a value. Raises BadLineError."""
    parsed = PatientIdentifier.parse(system, plain_number(value))
    if not failed(parsed):
        return parsed.unwrap()
    problem = parsed.failure()
    match problem:
        case UnsupportedIdentifierSystem():
            raise BadLineError("the system is not that of NHS, CHI or Health & Care numbers")
        case MalformedIdentifierValue():
            raise BadLineError(_number_problem("the number", plain_number(value)))
        case _:
            assert_never(problem)


_END_MARK = "\x1a"
"""Ctrl-Z, with which programs of DOS and Windows end a text."""


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Count the lines from 1, with commas and without the end mark."""
    return enumerate(map(methodcaller("replace", _END_MARK, ""), comma_separated(lines)), start=1)


def _first_row(numbered: Iterator[tuple[int, str]]) -> tuple[int, str]:
    for number, marked in numbered:
        line = marked.lstrip(_BYTE_ORDER_MARK)
        if line.strip(_EMPTY_ROW):
            return number, line
    raise UnknownHeaderError("the file is empty")


def _column_names(line: str) -> Sequence[str]:
    try:
        columns = column_names(split(line))
    except BadLineError:
        return ()
    while columns and not columns[-1]:
        columns.pop()
    return columns
