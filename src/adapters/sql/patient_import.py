"""Stores reports of patients, chunk by chunk."""

from collections.abc import Mapping, Sequence
from typing import Any

from asyncpg.pgproto import pgproto
from returns.result import Failure, Result, Success
from sqlalchemy import (
    Boolean,
    Date,
    Executable,
    FromClause,
    ScalarSelect,
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
from uuid_utils import uuid7

from adapters.sql.batches import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime, care_relationship, patient, patient_identifier
from application.ports.patients import IdentifiersTaken, PatientChunk, PatientIds, PatientReportRepository
from domain.identifiers import PatientIdentifier
from domain.patients import PatientId


class OrderedPatientIds(PatientIds):
    """Draws ids in order of time, so that the database appends them to its index.

    Source: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
    """

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        # the driver's own uuid.UUID takes a third of the time to make and to send: an import has one a row
        return PatientId(pgproto.UUID(uuid7().bytes))


def stored_owner(rows: FromClause) -> ScalarSelect[Any]:
    """Give the id of the patient with the `system` and `value` of a row, else null.

    It is a subquery, not a join: for thousands of rows, a planner would read the whole table for a join.
    """
    return (
        select(patient_identifier.c.patient_id)
        .where(patient_identifier.c.system == rows.c.system, patient_identifier.c.value == rows.c.value)
        .scalar_subquery()
    )


# SQLite parses ON CONFLICT as a part of the FROM if the SELECT before it has no WHERE
_ALL = true()


class PatientMerge:
    """Merges a chunk, set by set: patients, identifiers, care relationships."""

    def __init__(self, database: Database) -> None:
        """Make the statements for the dialect of a database."""
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
        """Merge in the caller's transaction; return False if an identifier belongs to another patient."""
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
        # identifiers that were not stored existed before, mostly but not certainly for the same patients
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
            # a row without new values is not written again
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
        is_taken = owners.c.patient_id != stored_owner(owners)
        return select(func.count()).select_from(owners).where(is_taken)

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


class _TakenError(Exception):
    """Ends a transaction whose identifiers belong to another patient."""


class SqlPatientReportRepository(PatientReportRepository):
    """Merges a chunk by a handful of statements, in one transaction."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._merge = PatientMerge(database)
        self._batch = database.batch(BatchColumn("system", Text()), BatchColumn("value", Text()))
        named = self._batch.rows
        self._find_owners = database.reading(select(named.c.position, stored_owner(named)))

    async def owners(self, identifiers: Sequence[PatientIdentifier]) -> Mapping[PatientIdentifier, PatientId]:
        """Return the patient of each identifier; an identifier that no patient has is absent."""
        batch = self._batch.parameters([(each.system, each.value) for each in identifiers])
        rows = await self._find_owners(batch)
        return {
            identifiers[position]: PatientId(patient_id)
            for position, patient_id in rows
            if patient_id is not None
        }

    async def merge(self, chunk: PatientChunk) -> Result[None, IdentifiersTaken]:
        """Store the chunk, all of it or nothing."""

        async def work(connection: AsyncConnection) -> None:
            if not await self._merge(connection, chunk):
                raise _TakenError

        try:
            await self._database.write(work)
        except _TakenError:
            return Failure(IdentifiersTaken())
        return Success(None)
