"""Patients in CSV."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from adapters.csv.rows import (
    NO_IDENTIFIER,
    NUMBER_COLUMNS,
    BadLineError,
    Fields,
    Table,
    UnknownHeaderError,
    read_number,
    without_spaces,
)
from application.administration.patients import BadRow, Name, PatientFile, PatientRow, ReportedRow
from domain.identifiers import PatientIdentifier
from domain.patient_reports import PatientReport

HEADER = (*NUMBER_COLUMNS, "date_of_birth", "deceased", "registered")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNKNOWN = "unknown"
_FLAGS = {"": None, "false": False, "true": True}


class CsvPatients(PatientFile):
    """Lines of CSV with a header, then a report a line. An empty field says nothing."""

    def __init__(self, lines: Callable[[], Iterable[str]]) -> None:
        """Take what opens the lines, from the first one on."""
        self._lines = lines

    def rows(self) -> Iterator[ReportedRow]:
        """Read the reports, lazily. Raises UnknownHeaderError."""
        table = self._open()
        yield from table.rows(HEADER, _row, BadRow)

    def names(self) -> Iterator[tuple[Name, ...]]:
        """Read the numbers as `rows` reads them, without judging them. Raises UnknownHeaderError."""
        table = self._open()
        positions = [
            (system, table.columns.index(column))
            for column, system in NUMBER_COLUMNS.items()
            if column in table.columns
        ]
        width = len(table.columns)
        for _number, line in table.numbered:
            # most lines are not quoted, and a quote must not swallow the lines behind it
            fields = line.split(",") if '"' not in line else _unquoted(line)
            # a row may have spare columns
            if len(fields) >= width:
                named = [(system, fields[position].strip()) for system, position in positions]
                if " " in line or not line.isascii():
                    named = [(system, without_spaces(number)) for system, number in named]
                yield tuple([each for each in named if each[1]])

    def _open(self) -> Table:
        table = Table.open(self._lines())
        named = table.names
        if len(named) > len({*named}) or not {*named} <= {*HEADER} or not {*named} & NUMBER_COLUMNS.keys():
            raise UnknownHeaderError(
                f"the first line must name columns of {','.join(HEADER)}, each once and one of the numbers"
            )
        return table


def _unquoted(line: str) -> Sequence[str]:
    try:
        return next(csv.reader([line]), ())
    except csv.Error:
        # no row: `rows` says so
        return ()


def _row(number: int, fields: Fields) -> PatientRow:
    *numbers, date_of_birth, deceased, registered = fields
    report = PatientReport(
        _identifiers(numbers), _date_of_birth(date_of_birth), _flag(deceased), _flag(registered)
    )
    return PatientRow(number, report)


def _identifiers(numbers: Sequence[str]) -> tuple[PatientIdentifier, ...]:
    identifiers = [
        read_number(column, number) for column, number in zip(NUMBER_COLUMNS, numbers, strict=True) if number
    ]
    if not identifiers:
        raise BadLineError(NO_IDENTIFIER)
    return tuple(identifiers)


# among millions of lines there are few dates, and fewer flags
@lru_cache(maxsize=50_000)
def _date_of_birth(text: str) -> date | None:
    if not text or text.lower() == _UNKNOWN:
        return None
    try:
        # fromisoformat alone would take weeks and dates without hyphens too
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise BadLineError("date_of_birth is not a date in the form YYYY-MM-DD, unknown or empty") from None


@lru_cache(maxsize=64)
def _flag(text: str) -> bool | None:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise BadLineError("deceased and registered are true, false or empty") from None
