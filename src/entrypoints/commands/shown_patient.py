"""What `patients show` prints."""

from collections.abc import Iterator
from datetime import datetime

from adapters.csv.rows import NUMBER_COLUMNS
from application.administration.patient_records import ShownPatient
from application.ports.patients import PatientRecord, RecordedChange, ShownInvitation
from domain.holds import Hold
from domain.organisations import OrganisationId
from domain.patient_history import BORN, DECEASED, IDENTIFIER, REGISTERED, written_identifier

_COLUMNS = {system: column for column, system in NUMBER_COLUMNS.items()}


def shown_lines(shown: ShownPatient) -> Iterator[str]:
    """Write the record of a patient, line by line."""
    record = shown.record
    known = record.patient.known
    yield f"patient {record.patient.id}"
    for identifier in sorted(known.identifiers, key=lambda each: each.system):
        source = _source(record, IDENTIFIER, written_identifier(identifier))
        yield f"{_COLUMNS[identifier.system]}: {identifier.value}{source}"
    born = "unknown" if known.date_of_birth is None else known.date_of_birth.isoformat()
    yield f"date_of_birth: {born}{_source(record, BORN)}"
    yield f"deceased: {_flag(known.deceased)}{_source(record, DECEASED)}"
    yield f"registered: {_flag(known.registered)}{_source(record, REGISTERED)}"
    for organisation in record.care:
        yield f"care relationship: organisation {organisation}"
    for hold in record.holds:
        yield f"hold: {_hold(hold)}"
    for change in record.changes:
        yield f"change: {_change(change)}"
    for invitation in record.invitations:
        yield f"invitation: {_invitation(invitation, shown.moment)}"


def _source(record: PatientRecord, element: str, new: str | None = None) -> str:
    """Say since when a value is known, and by whose report: by its last change, else by the first report."""
    for change in reversed(record.changes):
        if change.value.element == element and new in (None, change.value.new):
            return f" (since {_moment(change.attribution.moment)}, {_by(change)})"
    if record.first_reported is None:
        return ""
    moment, organisation = record.first_reported
    return f" (since {_moment(moment)}, patients-import for organisation {organisation})"


def _change(change: RecordedChange) -> str:
    value = change.value
    change_of_value = f"{value.element}: {value.old or 'none'} -> {value.new or 'none'}"
    return f"{_moment(change.attribution.moment)} {change_of_value}, {_by(change)}"


def _by(change: RecordedChange) -> str:
    return f"{change.attribution.command}{_for(change.attribution.organisation_id)}"


def _for(organisation: OrganisationId | None) -> str:
    return "" if organisation is None else f" for organisation {organisation}"


def _hold(hold: Hold) -> str:
    end = "" if hold.ends_on is None else f" until {hold.ends_on}"
    return (
        f"{hold.reason} from {hold.starts_on}{end},{_for(hold.organisation_id) or ' for all organisations'}"
    )


def _invitation(invitation: ShownInvitation, moment: datetime) -> str:
    life = invitation.life
    return (
        f"{life.state(moment)}, issued {_moment(life.issued_at)}, expires {_moment(life.expires_at)},"
        f" organisation {invitation.organisation_id}, batch {invitation.request_id}"
    )


def _flag(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "true" if value else "false"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
