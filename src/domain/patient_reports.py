"""Reports of patients: what an organisation may say, and what that may change in what is known.

A report may add to what is known. Only a person may contradict it, by a correction.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import structs
from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.identifiers import PatientIdentifier, is_placeholder

PatientT = TypeVar("PatientT")

EARLIEST_BIRTH = date(1880, 1, 1)
"""No living person was born before. Systems write earlier days, such as 1753-01-01, for an unknown one."""


class PatientReport(Confidential, frozen=True):
    """What a report says of one patient under one or more identifiers; None is what it does not say.

    `birth_unknown` is whether it says that the date of birth is not known. `restricted` is whether it says
    that the record is restricted, so that the patient must not be invited.
    """

    identifiers: tuple[PatientIdentifier, ...]
    date_of_birth: date | None = None
    deceased: bool | None = None
    registered: bool | None = None
    birth_unknown: bool = False
    restricted: bool = False


class KnownPatient(Confidential, frozen=True):
    """What is known of a patient. `date_of_birth` is None until a report says the full date."""

    identifiers: frozenset[PatientIdentifier]
    date_of_birth: date | None = None
    deceased: bool = False
    registered: bool = False


class BadReport(StrEnum):
    """Why a report cannot be about a person."""

    PLACEHOLDER_NUMBER = "placeholder-number"
    IMPLAUSIBLE_DATE_OF_BIRTH = "implausible-date-of-birth"


class Contradiction(StrEnum):
    """The rule that a report breaks; it then changes nothing at all."""

    OTHER_DATE_OF_BIRTH = "other-date-of-birth"
    REPORTED_ALIVE = "reported-alive"
    SEVERAL_PATIENTS = "several-patients"
    SECOND_NUMBER = "second-number"
    UNCONFIRMED_IDENTIFIER = "unconfirmed-identifier"
    OTHER_ROWS = "other-rows"
    UNKNOWN_PATIENT = "unknown-patient"


_MAY_BE_A_PERSON: Result[None, BadReport] = Success(None)


def checked(report: PatientReport, today: date) -> Result[None, BadReport]:
    """Say whether a report may be about a person, and if not, why."""
    for identifier in report.identifiers:
        if is_placeholder(identifier):
            return Failure(BadReport.PLACEHOLDER_NUMBER)
    if report.date_of_birth is not None and not EARLIEST_BIRTH <= report.date_of_birth <= today:
        return Failure(BadReport.IMPLAUSIBLE_DATE_OF_BIRTH)
    return _MAY_BE_A_PERSON


def first_known(report: PatientReport) -> Result[KnownPatient, Contradiction]:
    """Give what is known of a patient after the first report."""
    if _has_two_of_one_system(report.identifiers):
        return Failure(Contradiction.SECOND_NUMBER)
    return Success(
        KnownPatient(
            frozenset(report.identifiers),
            report.date_of_birth,
            deceased=bool(report.deceased),
            registered=bool(report.registered),
        )
    )


def learn(known: KnownPatient, report: PatientReport) -> Result[KnownPatient, Contradiction]:
    """Give what is known after one more report.

    - What the report does not say changes nothing.
    - Death and registration stand. To report a dead patient alive is a contradiction; that a registered
      patient is not registered changes nothing, for a hospital learns of a registration late.
    - A date of birth stands.
    - A new identifier joins the patient only if the report says the date of birth that is known, since a
      wrong but valid number would bring two people together. A patient has one number of each system.
    """
    date_of_birth = known.date_of_birth or report.date_of_birth
    if report.date_of_birth is not None and report.date_of_birth != date_of_birth:
        return Failure(Contradiction.OTHER_DATE_OF_BIRTH)
    if known.deceased and report.deceased is False:
        return Failure(Contradiction.REPORTED_ALIVE)
    identifiers = known.identifiers.union(report.identifiers)
    if len(identifiers) > len(known.identifiers):
        if _has_two_of_one_system(identifiers):
            return Failure(Contradiction.SECOND_NUMBER)
        if report.date_of_birth is None or report.date_of_birth != known.date_of_birth:
            return Failure(Contradiction.UNCONFIRMED_IDENTIFIER)
    return Success(
        KnownPatient(
            identifiers,
            date_of_birth,
            deceased=known.deceased or bool(report.deceased),
            registered=known.registered or bool(report.registered),
        )
    )


def learn_of(
    named: Sequence[KnownPatient], report: PatientReport, rows: Sequence[PatientReport]
) -> Result[KnownPatient, Contradiction]:
    """Give what is known after a report whose identifiers name these patients: none, one, or several.

    People are never merged: a report that names several is a contradiction. `rows` are the reports that
    the report combines, if it combines any.
    """
    if len(named) > 1:
        return Failure(Contradiction.SEVERAL_PATIENTS)
    if not named:
        return first_known(report)
    return learn(confirmed_by(named[0], rows), report)


def the_one(named: Collection[PatientT]) -> Result[PatientT, Contradiction]:
    """Give the patient that a row names, of those whom its identifiers name."""
    if len(named) > 1:
        return Failure(Contradiction.SEVERAL_PATIENTS)
    for patient in named:
        return Success(patient)
    return Failure(Contradiction.UNKNOWN_PATIENT)


def correct(known: KnownPatient, report: PatientReport) -> Result[KnownPatient, Contradiction]:
    """Give what is known after a correction: what it says replaces what was known.

    An identifier replaces the one of the same system. What the correction does not say stays.
    """
    if _has_two_of_one_system(report.identifiers):
        return Failure(Contradiction.SECOND_NUMBER)
    if report.birth_unknown and report.date_of_birth is not None:
        return Failure(Contradiction.OTHER_ROWS)
    said = {each.system for each in report.identifiers}
    kept = {each for each in known.identifiers if each.system not in said}
    return Success(
        KnownPatient(
            frozenset(kept.union(report.identifiers)),
            None if report.birth_unknown else report.date_of_birth or known.date_of_birth,
            deceased=known.deceased if report.deceased is None else report.deceased,
            registered=known.registered if report.registered is None else report.registered,
        )
    )


def correct_the_one(
    named: Sequence[KnownPatient], report: PatientReport, rows: Sequence[PatientReport]
) -> Result[KnownPatient, Contradiction]:
    """Give what is known after a correction whose identifiers name these patients: it has to be one.

    `rows` are the reports that the correction combines, if it combines any. Unlike reports, they contradict
    each other if some say that the patient is registered and others that they are not.
    """
    if {row.registered for row in rows} >= {True, False}:
        return Failure(Contradiction.OTHER_ROWS)
    return the_one(named).bind(lambda known: correct(known, report))


def together(reports: Sequence[PatientReport]) -> Result[PatientReport, Contradiction]:
    """Give what several reports of one patient say in one file, whatever their order.

    They contradict each other as they would contradict what is known. A report that brings identifiers
    together which not all of the others name has to say the date of birth.
    """
    identifiers = tuple(dict.fromkeys(each for report in reports for each in report.identifiers))
    births = {report.date_of_birth for report in reports} - {None}
    deaths = {report.deceased for report in reports}
    joins = [report for report in reports if len({*report.identifiers}) > 1]
    differ = any({*report.identifiers} != {*identifiers} for report in reports)
    if (
        len(births) > 1
        or deaths >= {True, False}
        or _has_two_of_one_system(identifiers)
        or (differ and any(report.date_of_birth is None for report in joins))
    ):
        return Failure(Contradiction.OTHER_ROWS)
    return Success(
        PatientReport(
            identifiers,
            next(iter(births), None),
            deceased=_said(report.deceased for report in reports),
            registered=_said(report.registered for report in reports),
            birth_unknown=any(report.birth_unknown for report in reports),
            restricted=any(report.restricted for report in reports),
        )
    )


def confirmed_by(known: KnownPatient, reports: Sequence[PatientReport]) -> KnownPatient:
    """Add to what is known the date of birth that a report says which brings no new identifier."""
    for report in reports:
        if known.date_of_birth is None and known.identifiers >= {*report.identifiers}:
            known = structs.replace(known, date_of_birth=report.date_of_birth)
    return known


def linked(names: Sequence[Collection[PatientIdentifier]]) -> Sequence[Sequence[int]]:
    """Group the positions of names that share an identifier, directly or through others."""
    groups: dict[int, list[int]] = {position: [position] for position in range(len(names))}
    group_of = list(range(len(names)))
    first_with: dict[PatientIdentifier, int] = {}
    for position, identifiers in enumerate(names):
        for identifier in identifiers:
            kept, merged = group_of[first_with.setdefault(identifier, position)], group_of[position]
            if kept == merged:
                continue
            if len(groups[kept]) < len(groups[merged]):
                kept, merged = merged, kept
            for each in groups[merged]:
                group_of[each] = kept
            groups[kept] += groups.pop(merged)
    return [sorted(group) for group in groups.values()]


def _said(values: Iterable[bool | None]) -> bool | None:
    said = {value for value in values if value is not None}
    return any(said) if said else None


def _has_two_of_one_system(identifiers: Collection[PatientIdentifier]) -> bool:
    if len(identifiers) == 1:
        return False
    distinct = {*identifiers}
    return len(distinct) > len({identifier.system for identifier in distinct})
