"""Audit events, in their table."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Row, and_, bindparam, insert, or_, select

from adapters.sql.batches import parameter
from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime, audit_event
from application.ports.audit import AuditEvents, AuditRepository
from domain.access import Operation
from domain.audit import ANSWERED, ISSUED, AuditEvent, Outcome
from domain.eligibility import OmissionReason
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from domain.patients import PatientId

# inline: what is recorded is not read back, not even its number
INSERT_AUDIT_EVENT: Insert = (
    insert(audit_event)
    .values({column: parameter(column) for column in audit_event.c if column.name != "id"})
    .inline()
)


def audit_event_values(event: AuditEvent) -> Mapping[str, Any]:
    """Give the parameters of `INSERT_AUDIT_EVENT`."""
    organisation_id = event.organisation_id
    return {
        "audit_event_request_id": event.request_id,
        "audit_event_recorded_at": event.recorded_at,
        "audit_event_operation": event.operation.value,
        "audit_event_outcome": event.outcome.value,
        "audit_event_client_id": event.client_id,
        "audit_event_organisation_id": None if organisation_id is None else organisation_id.value,
        "audit_event_asked": event.asked,
        "audit_event_issued": len(event.issued_patients),
        "audit_event_omitted": event.omitted,
        "audit_event_patients": event.decisions,
        "audit_event_replayed_request_id": event.replayed_request_id,
    }


def audit_event_of(row: Row[Any]) -> AuditEvent:
    """Read a row of the table."""
    patients = {decision: tuple(map(_patient_id, ids)) for decision, ids in row.patients.items()}
    return AuditEvent(
        request_id=RequestId(row.request_id),
        recorded_at=row.recorded_at,
        operation=Operation(row.operation),
        outcome=Outcome(row.outcome),
        client_id=row.client_id,
        organisation_id=None if row.organisation_id is None else OrganisationId(row.organisation_id),
        asked=row.asked,
        issued_patients=patients.pop(ISSUED, ()),
        answered_patients=patients.pop(ANSWERED, ()),
        omitted={OmissionReason(reason): count for reason, count in row.omitted.items()},
        omitted_patients={OmissionReason(reason): ids for reason, ids in patients.items()},
        replayed_request_id=None if row.replayed_request_id is None else RequestId(row.replayed_request_id),
    )


def _patient_id(text: str) -> PatientId:
    return PatientId(UUID(text))


class SqlAuditRepository(AuditRepository):
    """Adds to the table, and does nothing else to it."""

    def __init__(self, database: Database) -> None:
        """Take the database to write to."""
        self._store = database.writing(INSERT_AUDIT_EVENT)

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record."""
        await self._store(audit_event_values(event))


_ROWS_IN_A_PAGE = 500

# each page goes on behind the last row of the one before, so that no page is read over again
_PAGE = (
    select(audit_event)
    .where(
        or_(
            audit_event.c.recorded_at > bindparam("since", type_=UtcDateTime),
            and_(
                audit_event.c.recorded_at == bindparam("since", type_=UtcDateTime),
                audit_event.c.id > bindparam("after"),
            ),
        ),
        audit_event.c.recorded_at < bindparam("until", type_=UtcDateTime),
    )
    .order_by(audit_event.c.recorded_at, audit_event.c.id)
    .limit(_ROWS_IN_A_PAGE)
)


class SqlAuditEvents(AuditEvents):
    """Reads in the order of time, and of arrival where that is the same."""

    def __init__(self, database: Database) -> None:
        """Take the database to read from."""
        self._database = database

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first."""
        after = 0
        while rows := await self._page({"since": since, "after": after, "until": until}):
            for row in rows:
                yield audit_event_of(row)
            since, after = rows[-1].recorded_at, rows[-1].id

    async def _page(self, bounds: Mapping[str, Any]) -> Sequence[Row[Any]]:
        result = await self._database.read(lambda connection: connection.execute(_PAGE, bounds))
        return result.all()
