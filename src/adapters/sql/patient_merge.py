"""The statements that merge a chunk of patients."""

from sqlalchemy import (
    Boolean,
    Date,
    Executable,
    Text,
    Uuid,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.batch import BatchColumn
from adapters.sql.column_types import UtcDateTime
from adapters.sql.database import Database
from adapters.sql.stored_owner import stored_owner
from adapters.sql.tables import care_relationship, patient, patient_identifier
from application.ports.patient_register import PatientChunk

# SQLite takes ON CONFLICT for a part of the FROM when the SELECT before it has no WHERE
_ALL = true()


class PatientMerge:
    """Merges a chunk, set by set: patients, identifiers, care relationships."""

    def __init__(self, database: Database) -> None:
        """Take the database whose dialect the statements are made for."""
        self._database = database
        self._patients = database.staging(
            "staged_patient",
            BatchColumn("id", Uuid()),
            BatchColumn("date_of_birth", Date()),
            BatchColumn("deceased", Boolean()),
            BatchColumn("registered", Boolean()),
        )
        self._owners = database.staging(
            "staged_identifier",
            BatchColumn("system", Text()),
            BatchColumn("value", Text()),
            BatchColumn("patient_id", Uuid()),
        )
        self._store_patients = (
            self._storing_patients(with_registration=True),
            self._storing_patients(with_registration=False),
        )
        self._store_identifiers = self._storing_identifiers()
        self._count_taken = self._counting_taken()
        self._store_care_relationships = self._storing_care_relationships()

    async def __call__(self, connection: AsyncConnection, chunk: PatientChunk) -> bool:
        """Merge within the caller's transaction; tell False when an identifier names somebody else."""
        patients = await self._patients.fill(
            connection,
            [
                (patient_id, record.date_of_birth, record.deceased, record.registered)
                for patient_id, record in chunk.patients.items()
            ],
        )
        owners = await self._owners.fill(
            connection,
            [(each.system, each.value, patient_id) for each, patient_id in chunk.owners.items()],
        )
        for statement in self._store_patients:
            await connection.execute(statement, {**patients, "recorded_at": chunk.recorded_at})
        stored = await connection.execute(self._store_identifiers, owners)
        # those not stored were there before: mostly, but not certainly, for the same patients
        if stored.rowcount < len(chunk.owners) and await connection.scalar(self._count_taken, owners):
            return False
        await connection.execute(
            self._store_care_relationships, {**patients, "organisation_id": chunk.organisation_id.value}
        )
        return True

    def _storing_patients(self, *, with_registration: bool) -> Executable:
        reported = self._patients.rows.c
        registered_at = case((reported.registered, bindparam("recorded_at", type_=UtcDateTime)))
        insert = self._database.upsert(patient).from_select(
            ["id", "date_of_birth", "deceased", "registered_at"],
            select(reported.id, reported.date_of_birth, reported.deceased, registered_at).where(
                reported.registered.is_not(None) if with_registration else reported.registered.is_(None)
            ),
        )
        first_registered = func.coalesce(patient.c.registered_at, insert.excluded.registered_at)
        registration = case((insert.excluded.registered_at.is_not(None), first_registered))
        said = {
            patient.c.date_of_birth: insert.excluded.date_of_birth,
            patient.c.deceased: insert.excluded.deceased,
            **({patient.c.registered_at: registration} if with_registration else {}),
        }
        return insert.on_conflict_do_update(
            index_elements=[patient.c.id],
            set_=said,
            # a row that says nothing new is not written again
            where=or_(*(known.is_distinct_from(value) for known, value in said.items())),
        )

    def _storing_identifiers(self) -> Executable:
        owner = self._owners.rows.c
        return (
            self._database.upsert(patient_identifier)
            .from_select(
                ["system", "value", "patient_id"],
                select(owner.system, owner.value, owner.patient_id).where(_ALL),
            )
            .on_conflict_do_nothing()
        )

    def _counting_taken(self) -> Executable:
        owners = self._owners.rows
        names_somebody_else = owners.c.patient_id != stored_owner(owners)
        return select(func.count()).select_from(owners).where(names_somebody_else)

    def _storing_care_relationships(self) -> Executable:
        organisation_id = bindparam("organisation_id", type_=Uuid)
        return (
            self._database.upsert(care_relationship)
            .from_select(
                ["organisation_id", "patient_id"],
                select(organisation_id, self._patients.rows.c.id).where(_ALL),
            )
            .on_conflict_do_nothing()
        )
