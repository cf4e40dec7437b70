"""Patients in CSV."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache

from msgspec import structs

from adapters.csv.rows import (
    NO_IDENTIFIER,
    NUMBER_COLUMNS,
    BadLineError,
    Fields,
    Table,
    UnknownHeaderError,
    plain,
    plain_number,
    read_number,
    split,
)
from application.ports.patient_files import BadRow, Name, PatientFile, PatientRow, ReportedRow
from domain.identifiers import PatientIdentifier
from domain.patient_reports import PatientReport

HEADER = (*NUMBER_COLUMNS, "date_of_birth", "deceased", "registered")

# databases write a date with the time of midnight; another time, or one with a zone, may mean another day
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_UNKNOWN = "unknown"
_FLAGS = {"": None, "false": False, "true": True}


class CsvPatients(PatientFile):
    """Lines of CSV with a header, then a report a line. An empty field says nothing."""

    def __init__(self, lines: Callable[[], Iterable[str]], *, numbers_alone: bool = False) -> None:
        """Take what opens the lines, from the first one on, and whether only the numbers are read."""
        self._lines = lines
        self._numbers_alone = numbers_alone

    def rows(self) -> Iterator[ReportedRow]:
        """Read the reports, lazily. Raises UnknownHeaderError."""
        yield from self._rows(self._open())

    def names(self) -> Iterator[tuple[Name, ...]]:
        """Read the numbers as `rows` reads them, without judging them. Raises UnknownHeaderError."""
        table = self._open()
        names_in = _names_in(table)
        yield from filter(None, (names_in(line) for _number, line in table.numbered))

    def rows_naming(self, names: AbstractSet[Name]) -> Iterator[ReportedRow]:
        """Read the reports that have one of these numbers. Raises UnknownHeaderError."""
        table = self._open()
        names_in = _names_in(table)
        naming = ((number, line) for number, line in table.numbered if not names.isdisjoint(names_in(line)))
        yield from self._rows(structs.replace(table, numbered=naming))

    def _rows(self, table: Table) -> Iterator[ReportedRow]:
        if self._numbers_alone:
            return table.rows([*NUMBER_COLUMNS], _named, BadRow)
        return table.rows(HEADER, _row, BadRow)

    def _open(self) -> Table:
        table = Table.open(self._lines())
        named = table.names
        if len(named) > len({*named}) or not {*named} <= {*HEADER} or not {*named} & NUMBER_COLUMNS.keys():
            raise UnknownHeaderError(
                f"the first line must name columns of {','.join(HEADER)}, each once and one of the numbers"
            )
        return table


def _names_in(table: Table) -> Callable[[str], tuple[Name, ...]]:
    """Give what reads the numbers in a line, with their systems; none where a row has too few fields."""
    positions = [
        (system, table.columns.index(column))
        for column, system in NUMBER_COLUMNS.items()
        if column in table.columns
    ]
    width = len(table.columns)

    def names_in(line: str) -> tuple[Name, ...]:
        try:
            fields = split(line)
        except BadLineError:
            return ()
        # a row may have spare columns
        if len(fields) < width:
            return ()
        named = [(system, number) for system, position in positions if (number := fields[position].strip())]
        if " " in line or "'" in line or not line.isascii():
            named = [(system, plain_number(number)) for system, number in named]
        return tuple(named)

    return names_in


def _row(number: int, fields: Fields) -> PatientRow:
    *numbers, date_of_birth, deceased, registered = fields
    report = PatientReport(
        _identifiers(numbers),
        _date_of_birth(date_of_birth),
        _flag(deceased),
        _flag(registered),
        date_of_birth.lower() == _UNKNOWN,
    )
    return PatientRow(number, report)


def _named(number: int, fields: Fields) -> PatientRow:
    return PatientRow(number, PatientReport(_identifiers(fields)))


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
    written = _DATE.fullmatch(plain(text))
    try:
        # fromisoformat alone would take weeks and dates without hyphens too
        return date.fromisoformat(written[1] if written else "")
    except ValueError:
        raise BadLineError("date_of_birth is not a date in the form YYYY-MM-DD, unknown or empty") from None


@lru_cache(maxsize=64)
def _flag(text: str) -> bool | None:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise BadLineError("deceased and registered are true, false or empty") from None
