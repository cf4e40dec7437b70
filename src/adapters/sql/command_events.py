"""Stores the events of administrative commands in their table, and reads them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.database import Database
from adapters.sql.event_pages import EventPages
from adapters.sql.tables import command_event
from application.ports.audit import CommandEventRepository
from domain.administration import CommandEvent, CommandId
from domain.organisations import OrganisationId
from domain.patients import PatientId


class SqlCommandEventRepository(CommandEventRepository):
    """Adds rows to the table, and reads them in the order of time."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database
        self._pages = EventPages(database, command_event)

    async def record(self, event: CommandEvent) -> None:
        """Store an event."""
        organisation_id = event.organisation_id
        values = {
            "command_id": event.command_id,
            "recorded_at": event.recorded_at,
            "command": str(event.command),
            "outcome": str(event.outcome),
            "operator": event.operator,
            "organisation_id": None if organisation_id is None else organisation_id.value,
            "client_id": event.client_id,
            "file_digest": event.file_digest,
            "reason": event.reason,
            "counts": event.counts,
            "patients": event.patients,
        }

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(command_event).values(values).inline())

        await self._database.write(work)

    async def between(self, since: datetime, until: datetime) -> AsyncIterator[CommandEvent]:
        """Give the events recorded from `since` on and before `until`, oldest first."""
        async for row in self._pages.between(since, until):
            yield _command_event(row)


def _command_event(row: Row[Any]) -> CommandEvent:
    return CommandEvent(
        command_id=CommandId(row.command_id),
        recorded_at=row.recorded_at,
        command=row.command,
        outcome=row.outcome,
        operator=row.operator,
        organisation_id=None if row.organisation_id is None else OrganisationId(row.organisation_id),
        client_id=row.client_id,
        file_digest=row.file_digest,
        reason=row.reason,
        counts=row.counts,
        patients=tuple(PatientId(UUID(each)) for each in row.patients),
    )
