"""The history of what is known of a patient: each value that changed."""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.confidential import Confidential
from domain.holds import Hold
from domain.identifiers import PatientIdentifier
from domain.patient_reports import KnownPatient

BORN = "date-of-birth"
DECEASED = "deceased"
REGISTERED = "registered"
IDENTIFIER = "identifier"
HOLD = "hold"
CARE_RELATIONSHIP = "care-relationship"
"""The elements of a patient whose changes are kept."""


class ChangedValue(Confidential, frozen=True):
    """One value of a patient before and after a change; None where there was or is none."""

    element: str
    old: str | None
    new: str | None


def changed_values(before: KnownPatient, after: KnownPatient) -> Iterator[ChangedValue]:
    """Give the values that differ between what was known and what is known."""
    if before.date_of_birth != after.date_of_birth:
        yield ChangedValue(BORN, _date(before.date_of_birth), _date(after.date_of_birth))
    if before.deceased != after.deceased:
        yield ChangedValue(DECEASED, _flag(before.deceased), _flag(after.deceased))
    if before.registered != after.registered:
        yield ChangedValue(REGISTERED, _flag(before.registered), _flag(after.registered))
    for identifier in _ordered(before.identifiers - after.identifiers):
        yield unlinked(identifier)
    for identifier in _ordered(after.identifiers - before.identifiers):
        yield ChangedValue(IDENTIFIER, None, written_identifier(identifier))


def unlinked(identifier: PatientIdentifier) -> ChangedValue:
    """Give the change of a patient who no longer has an identifier."""
    return ChangedValue(IDENTIFIER, written_identifier(identifier), None)


def changed_hold(before: Hold | None, after: Hold | None) -> ChangedValue:
    """Give the change of a hold that is placed, changed or released."""
    return ChangedValue(HOLD, _hold(before), _hold(after))


def ended_care() -> ChangedValue:
    """Give the change of a patient whose care relationship has ended."""
    return ChangedValue(CARE_RELATIONSHIP, _flag(value=True), _flag(value=False))


def _date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _flag(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "true" if value else "false"


def written_identifier(identifier: PatientIdentifier) -> str:
    """Write an identifier as the history keeps it."""
    return f"{identifier.system}|{identifier.value}"


def _ordered(identifiers: Iterable[PatientIdentifier]) -> list[PatientIdentifier]:
    return sorted(identifiers, key=lambda each: (each.system, each.value))


def _hold(hold: Hold | None) -> str | None:
    if hold is None:
        return None
    end = "" if hold.ends_on is None else f" until {hold.ends_on}"
    return f"{hold.reason} from {hold.starts_on}{end}"
