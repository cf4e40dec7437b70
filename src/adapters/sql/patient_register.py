"""Patients and the identifiers that name them, merged chunk by chunk."""

from collections.abc import Mapping, Sequence

from returns.result import Failure, Result, Success
from sqlalchemy import Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.batch import BatchColumn
from adapters.sql.database import Database
from adapters.sql.patient_merge import PatientMerge
from adapters.sql.stored_owner import stored_owner
from application.ports.patient_register import IdentifiersTaken, PatientChunk, PatientRegister
from domain.patient import PatientId
from domain.patient_identifier import PatientIdentifier


class _TakenError(Exception):
    """Ends a transaction whose identifiers belong to somebody else."""


class SqlPatientRegister(PatientRegister):
    """Merges a chunk by a handful of statements, in one transaction."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the tables."""
        self._database = database
        self._merge = PatientMerge(database)
        self._batch = database.batch(BatchColumn("system", Text()), BatchColumn("value", Text()))
        named = self._batch.rows
        self._find_owners = database.reading(select(named.c.position, stored_owner(named)))

    async def owners(self, identifiers: Sequence[PatientIdentifier]) -> Mapping[PatientIdentifier, PatientId]:
        """Tell which patients the identifiers name; those that name nobody are absent."""
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
