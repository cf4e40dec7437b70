"""Patients in CSV."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias

from returns.result import Failure, Success

from application.administration.patients import BadRow, PatientRow, ReportedRow
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.patients import PatientRecord

HEADER = ("nhs_number", "chi_number", "health_and_care_number", "date_of_birth", "deceased", "registered")

_SYSTEMS = (
    IdentifierSystem.NHS_NUMBER,
    IdentifierSystem.CHI_NUMBER,
    IdentifierSystem.HEALTH_AND_CARE_NUMBER,
)
_InOrder: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
"""Puts the fields of a line into the order of HEADER."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = {"": False, "false": False, "true": True}


class _BadFieldError(Exception):
    """Ends the reading of a line; its text says what is wrong, and repeats nothing of the line."""


class WrongHeaderError(Exception):
    """The first line does not name the columns."""


def read_patients(lines: Iterable[str]) -> Iterator[ReportedRow]:
    """Read a header and then a patient a line, lazily. Raises WrongHeaderError.

    A row never spans lines, so that an unclosed quote spoils its own line alone.
    """
    numbered = enumerate(lines, start=1)
    _number, header = next(numbered, (1, ""))
    columns = _columns(header.lstrip("\ufeff"))
    if sorted(columns) != sorted(HEADER):
        raise WrongHeaderError(f"the first line must name the columns {','.join(HEADER)}")
    in_order: _InOrder = itemgetter(*(columns.index(name) for name in HEADER))
    for number, line in numbered:
        if line.strip():
            yield _read_row(number, line, in_order)


def _columns(header: str) -> Sequence[str]:
    try:
        return [name.strip() for name in next(csv.reader([header]), [])]
    except csv.Error:
        return ()


def _read_row(number: int, line: str, in_order: _InOrder) -> ReportedRow:
    try:
        return Success(PatientRow(number, _record(_fields(line), in_order)))
    except _BadFieldError as bad:
        return Failure(BadRow(number, str(bad)))


def _fields(line: str) -> Sequence[str]:
    try:
        (fields,) = csv.reader([line], strict=True)
    except csv.Error:
        raise _BadFieldError("the line is not CSV") from None
    if len(fields) != len(HEADER):
        raise _BadFieldError(f"the line has {len(fields)} fields in place of {len(HEADER)}")
    return fields


def _record(fields: Sequence[str], in_order: _InOrder) -> PatientRecord:
    *numbers, date_of_birth, deceased, registered = map(str.strip, in_order(fields))
    return PatientRecord(
        _identifiers(numbers), _date_of_birth(date_of_birth), _flag(deceased), _flag(registered)
    )


def _identifiers(numbers: Sequence[str]) -> tuple[PatientIdentifier, ...]:
    identifiers = []
    for column, system, number in zip(HEADER, _SYSTEMS, numbers, strict=False):
        if number:
            try:
                identifiers.append(PatientIdentifier(system, number))
            except ValueError:
                raise _BadFieldError(f"{column} is not ten digits with a right check digit") from None
    if not identifiers:
        raise _BadFieldError("the line has no identifier")
    return tuple(identifiers)


# among millions of lines there are few dates, and fewer flags
@lru_cache(maxsize=50_000)
def _date_of_birth(text: str) -> date | None:
    if not text:
        return None
    try:
        # fromisoformat alone would take weeks and dates without hyphens too
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise _BadFieldError("date_of_birth is not a date in the form YYYY-MM-DD") from None


@lru_cache(maxsize=64)
def _flag(text: str) -> bool:
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise _BadFieldError("deceased and registered are true, false or empty")
    return flag
