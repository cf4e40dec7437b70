"""The record of calls."""

from adapters.sql.audit_event_row import INSERT_AUDIT_EVENT, audit_event_values
from adapters.sql.database import Database
from application.ports.audit_trail import AuditTrail
from domain.audit_event import AuditEvent


class SqlAuditTrail(AuditTrail):
    """Adds to the table, and does nothing else to it."""

    def __init__(self, database: Database) -> None:
        """Take the database to write to."""
        self._store = database.writing(INSERT_AUDIT_EVENT)

    async def record(self, event: AuditEvent) -> None:
        """Put an event on record."""
        await self._store(audit_event_values(event))
