"""What follows from a report beside what is known: history, holds, and invitations that are revoked."""

from sqlalchemy import Text, Uuid, and_, delete, exists
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.care import HoldsInTransaction
from adapters.sql.database import Database
from adapters.sql.patient_history import PatientHistory
from adapters.sql.revocation import OpenInvitations
from adapters.sql.tables import patient_identifier
from application.ports.patients import PatientChanges
from domain.administration import Attribution
from domain.holds import restricted_record
from domain.invitations import RevocationReason
from domain.patient_history import changed_values


class ReportEffects:
    """Stores the effects of a report within its transaction; most reports have none."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._history = PatientHistory(database)
        self._holds = HoldsInTransaction(database)
        self._open_invitations = OpenInvitations(database)
        self._removed = database.batch(
            BatchColumn("patient_id", Uuid()), BatchColumn("system", Text()), BatchColumn("value", Text())
        )
        removed = self._removed.rows.c
        self._remove = delete(patient_identifier).where(
            exists().where(
                and_(
                    # by now the number may be another patient's
                    patient_identifier.c.patient_id == removed.patient_id,
                    patient_identifier.c.system == removed.system,
                    patient_identifier.c.value == removed.value,
                )
            )
        )

    async def store(
        self, connection: AsyncConnection, changes: PatientChanges, attribution: Attribution
    ) -> None:
        """Store them, before any identifier is added."""
        await self._remove_identifiers(connection, changes, attribution)
        values = [
            (patient, value)
            for patient, (before, after) in changes.changed.items()
            for value in changed_values(before, after)
        ]
        await self._history.add(connection, values, attribution)

    async def hold(
        self, connection: AsyncConnection, changes: PatientChanges, attribution: Attribution
    ) -> None:
        """Put the patients on hold whose records are restricted, once they are stored."""
        if changes.restricted:
            hold = restricted_record(attribution.moment)
            await self._holds.place(connection, list({*changes.restricted}), hold, attribution)

    async def _remove_identifiers(
        self, connection: AsyncConnection, changes: PatientChanges, attribution: Attribution
    ) -> None:
        removed = {
            patient: before.identifiers - after.identifiers
            for patient, (before, after) in changes.changed.items()
            if not before.identifiers <= after.identifiers
        }
        if not removed:
            return
        rows = [
            (patient, each.system.value, each.value)
            for patient, identifiers in removed.items()
            for each in identifiers
        ]
        await connection.execute(self._remove, self._removed.parameters(rows))
        await self._open_invitations.revoke(
            connection, list(removed), None, RevocationReason.IDENTIFIER_UNLINKED, attribution.moment
        )
