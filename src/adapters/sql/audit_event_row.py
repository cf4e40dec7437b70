"""An audit event as a row of its table."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Row, insert

from adapters.sql.parameter import parameter
from adapters.sql.tables import audit_event
from domain.audit_event import ANSWERED, ISSUED, AuditEvent, Outcome
from domain.eligibility_policy import IneligibilityReason
from domain.invitation import RequestId
from domain.operation import Operation
from domain.organisation import OrganisationId
from domain.patient import PatientId

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
        omitted={IneligibilityReason(reason): count for reason, count in row.omitted.items()},
        omitted_patients={IneligibilityReason(reason): ids for reason, ids in patients.items()},
        replayed_request_id=None if row.replayed_request_id is None else RequestId(row.replayed_request_id),
    )


def _patient_id(text: str) -> PatientId:
    return PatientId(UUID(text))
