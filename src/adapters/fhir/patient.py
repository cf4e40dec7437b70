"""The resource Patient, as far as it is read, and files of it.

Source: http://hl7.org/fhir/STU3/patient.html

Source: http://hl7.org/fhir/R4/patient.html

Source: http://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-request
"""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import Literal

from msgspec import DecodeError, Struct, field, json
from returns.result import Failure, Success

from adapters.fhir.elements import Unread
from adapters.fhir.periods import Period, includes
from adapters.fhir.repeated_names import has_repeated_name
from application.ports.patient_files import BadRow, Name, PatientFile, PatientRow, ReportedRow
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.patient_reports import PatientReport


class _Coding(Struct):
    code: str | None = None


class _CodeableConcept(Struct):
    coding: list[_Coding] = []


class _Extension(Struct, rename="camel"):
    url: str | None = None
    value_codeable_concept: _CodeableConcept | None = None


class _Meta(Struct):
    security: list[_Coding] = []


class _Link(Struct, rename="camel"):
    type: str | None = None
    modifier_extension: list[Unread] = []


class PatientIdentifierElement(Struct):
    """An identifier of a patient; of the many that there may be, the national ones count."""

    extension: list[_Extension] = []
    use: str | None = None
    system: str = ""
    value: str | None = None
    period: Period | None = None


class PatientResource(Struct, rename="camel"):
    """A patient. Elements that mean nothing here are skipped: a record holds far more than is read.

    All elements that may change what others mean are read. `animal` is an element of STU3 alone.
    """

    resource_type: Literal["Patient"]
    meta: _Meta | None = None
    implicit_rules: str | None = None
    modifier_extension: list[Unread] = []
    identifier: list[PatientIdentifierElement] = []
    active: bool | None = None
    birth_date: str | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    deceased_boolean_element: Unread = field(default=None, name="_deceasedBoolean")
    deceased_date_time_element: Unread = field(default=None, name="_deceasedDateTime")
    animal: Unread = None
    link: list[_Link] = []


class _Numbers(Struct):
    """Of a Patient, what `names` needs."""

    identifier: list[PatientIdentifierElement] = []


_decoder = json.Decoder(PatientResource)
_everything = json.Decoder()
_numbers = json.Decoder(_Numbers)

_UNREADABLE = (DecodeError, UnicodeError, RecursionError)

_SYSTEMS = frozenset(IdentifierSystem)

_RESTRICTED = {"r", "v"}
"""Source: http://terminology.hl7.org/CodeSystem/v3-Confidentiality"""

_VERIFICATION_STATUS = "NHSNumberVerificationStatus"
"""What the addresses of the extension have in common: CareConnect (STU3), GP Connect and UK Core (R4)."""

_VERIFIED = {"01", "number-present-and-verified"}
"""Source: https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus

Source: https://www.datadictionary.nhs.uk/attributes/nhs_number_status_indicator_code.html
"""

# http://hl7.org/fhir/STU3/datatypes.html#date: a year or a month is a date too
_PARTIAL_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _BadPatientError(Exception):
    """Ends the reading of a line; its text says what is wrong, and repeats nothing of the line."""


class NdjsonPatients(PatientFile):
    """Lines of NDJSON, a Patient each. A Patient says nothing of registration."""

    def __init__(
        self, lines: Callable[[], Iterable[str]], today: date, *, numbers_alone: bool = False
    ) -> None:
        """Take what opens the lines, from the first one on, and the day on which identifiers count.

        `numbers_alone` is whether what a Patient says of birth and death is left out.
        """
        self._lines = lines
        self._today = today
        self._read = _named if numbers_alone else _report

    def rows(self) -> Iterator[ReportedRow]:
        """Read the reports, lazily."""
        for number, line in self._numbered():
            yield self._row(number, line)

    def names(self) -> Iterator[tuple[Name, ...]]:
        """Read the national identifiers that `rows` does not skip, without judging the numbers."""
        yield from filter(None, (_names_in(line, self._today) for _number, line in self._numbered()))

    def rows_naming(self, names: AbstractSet[Name]) -> Iterator[ReportedRow]:
        """Read the reports that have one of these identifiers."""
        for number, line in self._numbered():
            if not names.isdisjoint(_names_in(line, self._today)):
                yield self._row(number, line)

    def _row(self, number: int, line: str) -> ReportedRow:
        try:
            return Success(PatientRow(number, self._read(line, self._today)))
        except _BadPatientError as bad:
            return Failure(BadRow(number, str(bad)))

    def _numbered(self) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(self._lines(), start=1):
            text = line.removeprefix("\ufeff") if number == 1 else line
            if text.strip():
                yield number, text


def _names_in(line: str, today: date) -> tuple[Name, ...]:
    try:
        numbers = _numbers.decode(line).identifier
        return tuple(
            (each.system, each.value or "")
            for each in numbers
            if each.system in _SYSTEMS and _counts(each, today)
        )
    except (*_UNREADABLE, _BadPatientError):
        return ()


def _report(line: str, today: date) -> PatientReport:
    resource = _decoded(line)
    _refuse_modified(resource)
    return PatientReport(
        _identifiers(resource, today),
        _date_of_birth(resource.birth_date),
        deceased=_deceased(resource),
        restricted=_is_restricted(resource),
    )


def _named(line: str, today: date) -> PatientReport:
    resource = _decoded(line)
    _refuse_modified(resource)
    return PatientReport(_identifiers(resource, today))


def _decoded(line: str) -> PatientResource:
    try:
        resource = _decoder.decode(line)
        is_ambiguous = has_repeated_name(line.encode(), _everything.decode(line))
    except _UNREADABLE:
        raise _BadPatientError("the line is not a FHIR Patient in JSON") from None
    if is_ambiguous:
        raise _BadPatientError("an object in the line names a property twice")
    return resource


def _refuse_modified(resource: PatientResource) -> None:
    """Refuse a record that is not, or may not be, about a patient as this one is now.

    Source: http://hl7.org/fhir/STU3/conformance-rules.html#isModifier
    """
    if resource.implicit_rules is not None:
        raise _BadPatientError("the Patient has implicitRules, which may change what it means")
    if resource.modifier_extension or any(link.modifier_extension for link in resource.link):
        # http://hl7.org/fhir/STU3/extensibility.html#modifierExtension forbids going on
        raise _BadPatientError("the Patient has a modifierExtension, which may change what it means")
    if resource.animal is not None:
        raise _BadPatientError("the Patient is an animal")
    if resource.active is False or any(_is(link.type, "replaced-by") for link in resource.link):
        raise _BadPatientError("the record is superseded: it is not active, or another one replaces it")


def _is_restricted(resource: PatientResource) -> bool:
    return resource.meta is not None and any(_is(each.code, *_RESTRICTED) for each in resource.meta.security)


def _is(code: str | None, *codes: str) -> bool:
    """Say whether a code is one of these, which keep a patient from being invited, however it is written.

    FHIR has each code in one case and without spaces, but not every record does.
    """
    return code is not None and code.strip().lower() in codes


def _deceased(resource: PatientResource) -> bool | None:
    """Say whether the patient has died; a flag or a moment that is there without a value says so too.

    Source: http://hl7.org/fhir/STU3/json.html#primitive
    """
    if resource.deceased_date_time is not None or resource.deceased_date_time_element is not None:
        return True
    if resource.deceased_boolean is None and resource.deceased_boolean_element is not None:
        return True
    return resource.deceased_boolean


def _identifiers(resource: PatientResource, today: date) -> tuple[PatientIdentifier, ...]:
    national = [each for each in resource.identifier if each.system in _SYSTEMS]
    if not national:
        raise _BadPatientError("the Patient has no NHS, CHI or Health & Care number")
    numbers = tuple(_parsed(each) for each in national if _counts(each, today))
    if not numbers:
        raise _BadPatientError(
            "none of the Patient's NHS, CHI or Health & Care numbers is in force and verified"
        )
    return numbers


def _counts(identifier: PatientIdentifierElement, today: date) -> bool:
    if _is(identifier.use, "old") or not (identifier.value or "").strip() or not _is_verified(identifier):
        return False
    try:
        return identifier.period is None or includes(identifier.period, today)
    except ValueError:
        raise _BadPatientError("the period of a national identifier is not of dates") from None


def _is_verified(identifier: PatientIdentifierElement) -> bool:
    """Say whether no verification status of the number says otherwise; most numbers have none."""
    statuses = (
        each.value_codeable_concept or _CodeableConcept()
        for each in identifier.extension
        if _VERIFICATION_STATUS in (each.url or "")
    )
    return all(any(coding.code in _VERIFIED for coding in status.coding) for status in statuses)


def _parsed(identifier: PatientIdentifierElement) -> PatientIdentifier:
    try:
        return PatientIdentifier(IdentifierSystem(identifier.system), identifier.value or "")
    except ValueError:
        raise _BadPatientError("a national identifier is not a valid number") from None


# among millions of lines there are few dates
@lru_cache(maxsize=50_000)
def _date_of_birth(text: str | None) -> date | None:
    if text is None or _PARTIAL_DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise _BadPatientError("birthDate is not a date") from None
