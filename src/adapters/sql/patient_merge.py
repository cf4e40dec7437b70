"""The statements that merge a chunk of patients."""

from sqlalchemy import Boolean, Date, Text, Uuid, and_, bindparam, case, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from adapters.sql.batch import BatchColumn
from adapters.sql.column_types import UtcDateTime
from adapters.sql.database import Database
from adapters.sql.tables import care_relationship, patient, patient_identifier
from application.ports.patient_register import PatientChunk

# SQLite takes ON CONFLICT for a part of the FROM when the SELECT before it has no WHERE
_ALL = true()


class PatientMerge:
    """Merges a chunk, set by set: patients, identifiers, care relationships."""

    def __init__(self, database: Database) -> None:
        """Take the database whose dialect the statements are made for."""
        self._database = database
        self._patients = database.batch(
            BatchColumn("id", Uuid()),
            BatchColumn("date_of_birth", Date()),
            BatchColumn("deceased", Boolean()),
            BatchColumn("registered", Boolean()),
        )
        self._owners = database.batch(
            BatchColumn("system", Text()), BatchColumn("value", Text()), BatchColumn("patient_id", Uuid())
        )
        self._store_patients = self._storing_patients(with_registration=True)
        self._store_patients_but_registration = self._storing_patients(with_registration=False)
        self._store_identifiers = self._storing_identifiers()
        self._count_taken = self._counting_taken()
        self._store_care_relationships = self._storing_care_relationships()

    async def __call__(self, connection: AsyncConnection, chunk: PatientChunk) -> bool:
        """Merge within the caller's transaction; tell False when an identifier names somebody else."""
        owners = self._owners.parameters(
            [(each.system.value, each.value, patient_id) for each, patient_id in chunk.owners.items()]
        )
        rows = [
            (patient_id, record.date_of_birth, record.deceased, record.registered)
            for patient_id, record in chunk.patients.items()
        ]
        for statement, patients in (
            (self._store_patients, [row for row in rows if row[-1] is not None]),
            (self._store_patients_but_registration, [row for row in rows if row[-1] is None]),
        ):
            if patients:
                batch = self._patients.parameters(patients)
                await connection.execute(statement, {**batch, "recorded_at": chunk.recorded_at})
        await connection.execute(self._store_identifiers, owners)
        if await connection.scalar(self._count_taken, owners):
            return False
        await connection.execute(
            self._store_care_relationships,
            {**self._patients.parameters(rows), "organisation_id": chunk.organisation_id.value},
        )
        return True

    def _storing_patients(self, *, with_registration: bool) -> Executable:
        reported = self._patients.rows.c
        recorded_at = bindparam("recorded_at", type_=UtcDateTime)
        insert = self._database.upsert(patient).from_select(
            ["id", "date_of_birth", "deceased", "registered_at"],
            select(
                reported.id,
                reported.date_of_birth,
                reported.deceased,
                case((reported.registered, recorded_at)),
            ).where(_ALL),
        )
        first_registered = func.coalesce(patient.c.registered_at, insert.excluded.registered_at)
        registration = case((insert.excluded.registered_at.is_not(None), first_registered))
        return insert.on_conflict_do_update(
            index_elements=[patient.c.id],
            set_={
                "date_of_birth": insert.excluded.date_of_birth,
                "deceased": insert.excluded.deceased,
                **({"registered_at": registration} if with_registration else {}),
            },
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
        owner = self._owners.rows.c
        stored = patient_identifier.c
        names_somebody_else = and_(
            stored.system == owner.system, stored.value == owner.value, stored.patient_id != owner.patient_id
        )
        return (
            select(func.count()).select_from(self._owners.rows).join(patient_identifier, names_somebody_else)
        )

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
