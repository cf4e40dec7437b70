"""How an audit event is written to its table."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BindParameter, Column, Insert, bindparam, insert

from adapters.sql.tables import audit_event
from domain.audit_event import AuditEvent


def parameter(column: Column[Any]) -> BindParameter[Any]:
    """Name a parameter after its table and column, so that statements can be joined."""
    return bindparam(f"{column.table.name}_{column.name}", type_=column.type)


INSERT_AUDIT_EVENT: Insert = insert(audit_event).values(
    {column: parameter(column) for column in audit_event.c if column.name != "id"}
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
        "audit_event_patients": {
            "issued": event.issued_patients,
            "answered": event.answered_patients,
            **event.omitted_patients,
        },
    }
