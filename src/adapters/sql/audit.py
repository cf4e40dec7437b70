"""Stores audit events in their table, and reads them."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Row, insert

from adapters.sql.bulk_parameters import parameter
from adapters.sql.database import Database
from adapters.sql.event_pages import EventPages
from adapters.sql.tables import audit_event
from application.ports.audit import AuditRepository
from domain.audit import AuditEvent
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from domain.patients import PatientId

_ISSUED = "issued"
_ANSWERED = "answered"
"""The keys of the column `patients`, beside the reasons for which patients were omitted."""

# inline: nothing of the row is read back, not even its id
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
        "audit_event_operation": str(event.operation),
        "audit_event_outcome": str(event.outcome),
        "audit_event_client_id": event.client_id,
        "audit_event_organisation_id": None if organisation_id is None else organisation_id.value,
        "audit_event_asked": event.asked,
        "audit_event_issued": len(event.issued_patients),
        "audit_event_omitted": event.omitted,
        "audit_event_patients": {
            _ISSUED: event.issued_patients,
            _ANSWERED: event.answered_patients,
            **event.omitted_patients,
        },
        "audit_event_replayed_request_id": event.replayed_request_id,
    }


def _audit_event(row: Row[Any]) -> AuditEvent:
    # a newer release may have stored words that this one does not know; they are read as they are
    patients = {decision: tuple(map(_patient_id, ids)) for decision, ids in row.patients.items()}
    return AuditEvent(
        request_id=RequestId(row.request_id),
        recorded_at=row.recorded_at,
        operation=row.operation,
        outcome=row.outcome,
        client_id=row.client_id,
        organisation_id=None if row.organisation_id is None else OrganisationId(row.organisation_id),
        asked=row.asked,
        issued_patients=patients.pop(_ISSUED, ()),
        answered_patients=patients.pop(_ANSWERED, ()),
        omitted=row.omitted,
        omitted_patients=patients,
        replayed_request_id=None if row.replayed_request_id is None else RequestId(row.replayed_request_id),
    )


def _patient_id(text: str) -> PatientId:
    return PatientId(UUID(text))


class SqlAuditRepository(AuditRepository):
    """Adds rows to the table, and reads them in the order of time, then of arrival."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._store = database.writing(INSERT_AUDIT_EVENT)
        self._pages = EventPages(database, audit_event)

    async def record(self, event: AuditEvent) -> None:
        """Store an event."""
        await self._store(audit_event_values(event))

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[AuditEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first."""
        async for row in self._pages.between(since, until):
            yield _audit_event(row)
