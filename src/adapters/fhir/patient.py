"""Reads files of FHIR Patient resources, one a line.

Sources: http://hl7.org/fhir/STU3/patient.html ,
http://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-request
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from msgspec import DecodeError, Struct, json
from returns.result import Failure, Success

from adapters.fhir.elements import Unread
from application.administration.patients import BadRow, PatientRow, ReportedRow
from domain.identifiers import MalformedIdentifierValue, PatientIdentifier
from domain.patients import PatientRecord
from domain.results import failed


class PatientIdentifierElement(Struct, rename="camel"):
    """An identifier of a patient. Only national ones are read."""

    system: str = ""
    value: str = ""


class PatientResource(Struct, rename="camel"):
    """A patient. Other elements are skipped, because a record holds far more than the service needs."""

    resource_type: Literal["Patient"]
    identifier: list[PatientIdentifierElement] = []
    birth_date: str | None = None
    deceased_boolean: bool = False
    deceased_date_time: str | None = None
    modifier_extension: list[Unread] = []


_decoder = json.Decoder(PatientResource)

# http://hl7.org/fhir/STU3/datatypes.html#date: a year or a month is a date too
_PARTIAL_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _BadPatientError(Exception):
    """A line cannot be read. The text names the problem, and repeats nothing from the line."""


def read_patients(lines: Iterable[str]) -> Iterator[ReportedRow]:
    """Read one patient a line, lazily. A Patient holds no registration, so the stored one stays."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield Success(PatientRow(number, _record(line)))
            except _BadPatientError as bad:
                yield Failure(BadRow(number, str(bad)))


def _record(line: str) -> PatientRecord:
    try:
        resource = _decoder.decode(line)
    except (DecodeError, UnicodeError, RecursionError):
        raise _BadPatientError("the line is not a FHIR Patient in JSON") from None
    if resource.modifier_extension:
        # http://hl7.org/fhir/STU3/extensibility.html#modifierExtension forbids to process it
        raise _BadPatientError("the Patient has a modifierExtension, which may change what it means")
    return PatientRecord(
        _identifiers(resource),
        _date_of_birth(resource.birth_date),
        deceased=resource.deceased_boolean or resource.deceased_date_time is not None,
        registered=None,
    )


def _identifiers(resource: PatientResource) -> tuple[PatientIdentifier, ...]:
    national = []
    for element in resource.identifier:
        parsed = PatientIdentifier.parse(element.system, element.value)
        if not failed(parsed):
            national.append(parsed.unwrap())
        elif isinstance(parsed.failure(), MalformedIdentifierValue):
            raise _BadPatientError("a national identifier is not a valid number")
    if not national:
        raise _BadPatientError("the Patient has no NHS, CHI or Health & Care number")
    return tuple(national)


def _date_of_birth(text: str | None) -> date | None:
    if text is None or _PARTIAL_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise _BadPatientError("birthDate is not a date") from None
