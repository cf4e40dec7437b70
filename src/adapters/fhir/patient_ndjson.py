"""Patients in NDJSON, a FHIR Patient a line.

Source: http://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-request
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import DecodeError, json
from returns.result import Failure, Result, Success

from adapters.fhir.patient import PatientResource
from application.import_patients import BadRow, PatientRow, ReportedRow
from domain.patient_identifier import MalformedIdentifierValue, PatientIdentifier
from domain.patient_record import PatientRecord

_decoder = json.Decoder(PatientResource)

# http://hl7.org/fhir/STU3/datatypes.html#date: a year or a month is a date too
_PARTIAL_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_patients(lines: Iterable[str]) -> Iterator[ReportedRow]:
    """Read a patient a line, lazily; a Patient says nothing of registration, so what is known of it stays."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            record = _read_line(line)
            if isinstance(record, Failure):
                yield Failure(BadRow(number, record.failure()))
            else:
                yield Success(PatientRow(number, record.unwrap()))


def _read_line(line: str) -> Result[PatientRecord, str]:
    try:
        resource = _decoder.decode(line)
    except (DecodeError, UnicodeError, RecursionError):
        return Failure("the line is not a FHIR Patient in JSON")
    if resource.modifier_extension:
        # http://hl7.org/fhir/STU3/extensibility.html#modifierExtension forbids going on
        return Failure("the Patient has a modifierExtension, which may change what it means")
    identifiers = _identifiers(resource)
    if isinstance(identifiers, Failure):
        return Failure(identifiers.failure())
    date_of_birth = _date_of_birth(resource.birth_date)
    if isinstance(date_of_birth, Failure):
        return Failure(date_of_birth.failure())
    deceased = resource.deceased_boolean or resource.deceased_date_time is not None
    return Success(
        PatientRecord(identifiers.unwrap(), date_of_birth.unwrap(), deceased=deceased, registered=None)
    )


def _identifiers(resource: PatientResource) -> Result[tuple[PatientIdentifier, ...], str]:
    national = []
    for element in resource.identifier:
        parsed = PatientIdentifier.parse(element.system, element.value)
        if not isinstance(parsed, Failure):
            national.append(parsed.unwrap())
        elif isinstance(parsed.failure(), MalformedIdentifierValue):
            return Failure("a national identifier is not a valid number")
    if not national:
        return Failure("the Patient has no NHS, CHI or Health & Care number")
    return Success(tuple(national))


def _date_of_birth(text: str | None) -> Result[date | None, str]:
    if text is None or _PARTIAL_DATE.fullmatch(text):
        return Success(None)
    try:
        return Success(date.fromisoformat(text if _DATE.fullmatch(text) else ""))
    except ValueError:
        return Failure("birthDate is not a date")
