"""Stores each changed value of a patient, and reads the changes of one."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Text, Uuid, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn, parameter
from adapters.sql.database import Database
from adapters.sql.tables import patient_change
from application.ports.patients import RecordedChange
from domain.administration import Attribution
from domain.organisations import OrganisationId
from domain.patient_history import ChangedValue
from domain.patients import PatientId

_COMMON = [patient_change.c.organisation_id, patient_change.c.command, patient_change.c.recorded_at]
"""The columns that are the same for all changes of one command."""

_FIND = select(patient_change).where(patient_change.c.patient_id == bindparam("patient_id")).order_by("id")


class PatientHistory:
    """The table of changes."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._changes = database.batch(
            BatchColumn("patient_id", Uuid()),
            BatchColumn("element", Text()),
            BatchColumn("old_value", Text()),
            BatchColumn("new_value", Text()),
        )
        rows = self._changes.rows.c
        different = [rows.patient_id, rows.element, rows.old_value, rows.new_value]
        self._insert = insert(patient_change).from_select(
            [*(patient_change.c[column.name] for column in different), *_COMMON],
            select(*different, *map(parameter, _COMMON)).order_by(rows.position),
        )

    async def add(
        self,
        connection: AsyncConnection,
        changes: Iterable[tuple[PatientId, ChangedValue]],
        attribution: Attribution,
    ) -> None:
        """Add changes that one command has made."""
        rows = [(patient, value.element, value.old, value.new) for patient, value in changes]
        if not rows:
            return
        organisation_id = attribution.organisation_id
        await connection.execute(
            self._insert,
            {
                **self._changes.parameters(rows),
                "patient_change_organisation_id": organisation_id and organisation_id.value,
                "patient_change_command": str(attribution.command),
                "patient_change_recorded_at": attribution.moment,
            },
        )

    async def of(self, connection: AsyncConnection, patient: PatientId) -> Sequence[RecordedChange]:
        """Give the changes of a patient, oldest first."""
        return [
            RecordedChange(
                Attribution(
                    row.command, row.organisation_id and OrganisationId(row.organisation_id), row.recorded_at
                ),
                ChangedValue(row.element, row.old_value, row.new_value),
            )
            for row in await connection.execute(_FIND, {"patient_id": patient})
        ]
