"""The resource Patient, as far as it is read, and files of it.

Source: http://hl7.org/fhir/STU3/patient.html

Source: http://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-request
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal

from msgspec import DecodeError, Struct, json
from returns.result import Failure, Success

from adapters.fhir.elements import Unread
from application.administration.patients import BadRow, Name, PatientFile, PatientRow, ReportedRow
from domain.identifiers import MalformedIdentifierValue, PatientIdentifier
from domain.reports import PatientReport
from domain.results import failed


class PatientIdentifierElement(Struct, rename="camel"):
    """An identifier of a patient; of the many that there may be, the national ones count."""

    system: str = ""
    value: str = ""


class PatientResource(Struct, rename="camel"):
    """A patient. Elements that mean nothing here are skipped: a record holds far more than is read."""

    resource_type: Literal["Patient"]
    identifier: list[PatientIdentifierElement] = []
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    modifier_extension: list[Unread] = []


_decoder = json.Decoder(PatientResource)

# http://hl7.org/fhir/STU3/datatypes.html#date: a year or a month is a date too
_PARTIAL_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _BadPatientError(Exception):
    """Ends the reading of a line; its text says what is wrong, and repeats nothing of the line."""


class NdjsonPatients(PatientFile):
    """Lines of NDJSON, a Patient each. A Patient says nothing of registration."""

    def __init__(self, lines: Callable[[], Iterable[str]]) -> None:
        """Take what opens the lines, from the first one on."""
        self._lines = lines

    def rows(self) -> Iterator[ReportedRow]:
        """Read the reports, lazily."""
        for number, line in enumerate(self._lines(), start=1):
            if line.strip():
                try:
                    yield Success(PatientRow(number, _record(line)))
                except _BadPatientError as bad:
                    yield Failure(BadRow(number, str(bad)))

    def names(self) -> Iterator[tuple[Name, ...]]:
        """Read the national identifiers."""
        for row in self.rows():
            if not failed(row):
                yield tuple((each.system, each.value) for each in row.unwrap().report.identifiers)


def _record(line: str) -> PatientReport:
    try:
        resource = _decoder.decode(line)
    except (DecodeError, UnicodeError, RecursionError):
        raise _BadPatientError("the line is not a FHIR Patient in JSON") from None
    if resource.modifier_extension:
        # http://hl7.org/fhir/STU3/extensibility.html#modifierExtension forbids going on
        raise _BadPatientError("the Patient has a modifierExtension, which may change what it means")
    return PatientReport(
        _identifiers(resource),
        _date_of_birth(resource.birth_date),
        deceased=True if resource.deceased_date_time is not None else resource.deceased_boolean,
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
