"""Patients in CSV."""

import re
from collections.abc import Iterable, Iterator, Sequence
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
)
from application.administration.patients import BadRow, PatientRow, ReportedRow
from domain.identifiers import PatientIdentifier
from domain.patients import PatientRecord

HEADER = (*NUMBER_COLUMNS, "date_of_birth", "deceased", "registered")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = {"": False, "false": False, "true": True}


def read_patients(lines: Iterable[str]) -> Iterator[ReportedRow]:
    """Read a header, then a patient from each line, lazily. Raises UnknownHeaderError."""
    table = Table.open(lines)
    if sorted(table.names) != sorted(HEADER):
        raise UnknownHeaderError(f"the first line must name the columns {','.join(HEADER)}")
    yield from table.rows(HEADER, _row, BadRow)


def _row(number: int, fields: Fields) -> PatientRow:
    *numbers, date_of_birth, deceased, registered = fields
    record = PatientRecord(
        _identifiers(numbers), _date_of_birth(date_of_birth), _flag(deceased), _flag(registered)
    )
    return PatientRow(number, record)


def _identifiers(numbers: Sequence[str]) -> tuple[PatientIdentifier, ...]:
    identifiers = [
        read_number(column, number) for column, number in zip(NUMBER_COLUMNS, numbers, strict=True) if number
    ]
    if not identifiers:
        raise BadLineError(NO_IDENTIFIER)
    return tuple(identifiers)


# millions of lines have few different dates, and fewer flags
@lru_cache(maxsize=50_000)
def _date_of_birth(text: str) -> date | None:
    if not text:
        return None
    try:
        # fromisoformat alone would accept weeks and dates without hyphens too
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise BadLineError("date_of_birth is not a date in the form YYYY-MM-DD") from None


@lru_cache(maxsize=64)
def _flag(text: str) -> bool:
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise BadLineError("deceased and registered are true, false or empty")
    return flag
