"""Patients in CSV."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from returns.result import Failure, Result, Success

from application.import_patients import BadRow, PatientRow, ReportedRow
from domain.identifier_system import IdentifierSystem
from domain.patient_identifier import PatientIdentifier
from domain.patient_record import PatientRecord

HEADER = ("nhs_number", "chi_number", "health_and_care_number", "date_of_birth", "deceased", "registered")

_IDENTIFIERS = {
    "nhs_number": IdentifierSystem.NHS_NUMBER,
    "chi_number": IdentifierSystem.CHI_NUMBER,
    "health_and_care_number": IdentifierSystem.HEALTH_AND_CARE_NUMBER,
}
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
    columns = tuple(name.strip() for name in header.lstrip("\ufeff").strip().split(","))
    if sorted(columns) != sorted(HEADER):
        raise WrongHeaderError(f"the first line must name the columns {','.join(HEADER)}")
    for number, line in numbered:
        if line.strip():
            yield _read_row(number, columns, line)


def _read_row(number: int, columns: Sequence[str], line: str) -> ReportedRow:
    try:
        (fields,) = csv.reader([line], strict=True)
    except csv.Error:
        return Failure(BadRow(number, "the line is not CSV"))
    if len(fields) != len(columns):
        return Failure(BadRow(number, f"the line has {len(fields)} fields in place of {len(columns)}"))
    record = _record({name: field.strip() for name, field in zip(columns, fields, strict=True)})
    if isinstance(record, Failure):
        return Failure(BadRow(number, record.failure()))
    return Success(PatientRow(number, record.unwrap()))


def _record(row: Mapping[str, str]) -> Result[PatientRecord, str]:
    identifiers = []
    for column, system in _IDENTIFIERS.items():
        if row[column]:
            identifier = PatientIdentifier.parse(system, row[column])
            if isinstance(identifier, Failure):
                return Failure(f"{column} is not a valid number")
            identifiers.append(identifier.unwrap())
    if not identifiers:
        return Failure("the line has no identifier")
    date_of_birth = _date_of_birth(row["date_of_birth"])
    if isinstance(date_of_birth, Failure):
        return Failure(date_of_birth.failure())
    deceased, registered = (_FLAGS.get(row[column].lower()) for column in ("deceased", "registered"))
    if deceased is None or registered is None:
        return Failure("deceased and registered are true, false or empty")
    return Success(PatientRecord(tuple(identifiers), date_of_birth.unwrap(), deceased, registered))


def _date_of_birth(text: str) -> Result[date | None, str]:
    if not text:
        return Success(None)
    try:
        # fromisoformat alone would take weeks and dates without hyphens too
        return Success(date.fromisoformat(text if _DATE.fullmatch(text) else ""))
    except ValueError:
        return Failure("date_of_birth is not a date in the form YYYY-MM-DD")
