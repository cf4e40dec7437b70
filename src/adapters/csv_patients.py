"""Patients in CSV."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import TypeAlias

from returns.result import Failure, Result, Success

from application.import_patients import BadRow, PatientRow, ReportedRow
from domain.identifier_system import IdentifierSystem
from domain.patient_identifier import PatientIdentifier
from domain.patient_record import PatientRecord

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


class WrongHeaderError(Exception):
    """The first line does not name the columns."""


def read_patients(lines: Iterable[str]) -> Iterator[ReportedRow]:
    """Read a header and then a patient a line, lazily. Raises WrongHeaderError.

    A row never spans lines, so that an unclosed quote spoils its own line alone.
    """
    numbered = enumerate(lines, start=1)
    _number, header = next(numbered, (1, ""))
    columns = [name.strip() for name in header.lstrip("\ufeff").split(",")]
    if sorted(columns) != sorted(HEADER):
        raise WrongHeaderError(f"the first line must name the columns {','.join(HEADER)}")
    in_order: _InOrder = itemgetter(*(columns.index(name) for name in HEADER))
    for number, line in numbered:
        if line.strip():
            record = _read_line(line, in_order)
            if isinstance(record, Failure):
                yield Failure(BadRow(number, record.failure()))
            else:
                yield Success(PatientRow(number, record.unwrap()))


def _read_line(line: str, in_order: _InOrder) -> Result[PatientRecord, str]:
    try:
        (fields,) = csv.reader([line], strict=True)
    except csv.Error:
        return Failure("the line is not CSV")
    if len(fields) != len(HEADER):
        return Failure(f"the line has {len(fields)} fields in place of {len(HEADER)}")
    *numbers, date_of_birth, deceased, registered = map(str.strip, in_order(fields))
    identifiers = _identifiers(numbers)
    if isinstance(identifiers, Failure):
        return Failure(identifiers.failure())
    born = _date_of_birth(date_of_birth)
    if isinstance(born, Failure):
        return Failure(born.failure())
    flags = _FLAGS.get(deceased.lower()), _FLAGS.get(registered.lower())
    if flags[0] is None or flags[1] is None:
        return Failure("deceased and registered are true, false or empty")
    return Success(PatientRecord(identifiers.unwrap(), born.unwrap(), flags[0], flags[1]))


def _identifiers(numbers: Sequence[str]) -> Result[tuple[PatientIdentifier, ...], str]:
    identifiers = []
    for column, system, number in zip(HEADER, _SYSTEMS, numbers, strict=False):
        if number:
            identifier = PatientIdentifier.parse(system, number)
            if isinstance(identifier, Failure):
                return Failure(f"{column} is not a valid number")
            identifiers.append(identifier.unwrap())
    return Success(tuple(identifiers)) if identifiers else Failure("the line has no identifier")


def _date_of_birth(text: str) -> Result[date | None, str]:
    if not text:
        return Success(None)
    try:
        # fromisoformat alone would take weeks and dates without hyphens too
        return Success(date.fromisoformat(text if _DATE.fullmatch(text) else ""))
    except ValueError:
        return Failure("date_of_birth is not a date in the form YYYY-MM-DD")
