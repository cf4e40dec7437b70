"""What is known of patients, read for those who decide what reports change in it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import FromClause, ScalarSelect, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import patient, patient_identifier
from application.ports.patients import StoredPatient
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.patient_reports import KnownPatient
from domain.patients import PatientId


class StoredPatients:
    """Reads what is known of patients."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the tables."""
        self._named = database.batch(BatchColumn("system", Text()), BatchColumn("value", Text()))
        self._ids = database.batch(BatchColumn("id", Uuid()))
        named, ids = self._named.rows, self._ids.rows
        owners = select(named.c.position, _owner(named).label("owner")).subquery()
        self._find_owners = select(owners).where(owners.c.owner.is_not(None))
        self._find_patients = select(
            ids.c.id,
            *(_of_patient(each, ids) for each in (patient.c.date_of_birth, patient.c.deceased)),
            _of_patient(patient.c.registered_at, ids),
        )
        self._lock_patients = (
            select(patient.c.id, patient.c.date_of_birth, patient.c.deceased, patient.c.registered_at)
            .where(patient.c.id.in_(select(ids.c.id)))
            .order_by(patient.c.id)
            .with_for_update()
        )
        self._find_identifiers = select(
            patient_identifier.c.patient_id, patient_identifier.c.system, patient_identifier.c.value
        ).where(patient_identifier.c.patient_id.in_(select(ids.c.id)))

    async def find(
        self, connection: AsyncConnection, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        """Give the patients that have one of the identifiers, with those of them that are asked for."""
        batch = self._named.parameters([(each.system.value, each.value) for each in identifiers])
        owners: dict[UUID, list[PatientIdentifier]] = {}
        for position, patient_id in await connection.execute(self._find_owners, batch):
            owners.setdefault(patient_id, []).append(identifiers[position])
        if not owners:
            return {}
        ids = self._ids.parameters([(each,) for each in owners])
        return {
            identifier: stored
            for row in await connection.execute(self._find_patients, ids)
            for stored in [StoredPatient(PatientId(row[0]), _known(owners[row[0]], row[1], row[2], row[3]))]
            for identifier in owners[row[0]]
        }

    async def find_whole(
        self, connection: AsyncConnection, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        """Give the patients that have one of the identifiers, with all that they have."""
        stored = await self.find(connection, identifiers)
        of_patient = await self._identifiers_of(connection, list({each.id for each in stored.values()}))
        return {
            identifier: StoredPatient(
                each.id, replace(each.known, identifiers=frozenset(of_patient[each.id]))
            )
            for identifier, each in stored.items()
        }

    async def lock(
        self, connection: AsyncConnection, patients: Sequence[PatientId]
    ) -> Mapping[PatientId, KnownPatient]:
        """Let no other transaction change these patients, and give all that is known of them."""
        if not patients:
            return {}
        ids = self._ids.parameters([(each,) for each in patients])
        locked = (await connection.execute(self._lock_patients, ids)).all()
        identifiers = await self._identifiers_of(connection, patients)
        return {PatientId(row[0]): _known(identifiers[row[0]], row[1], row[2], row[3]) for row in locked}

    async def _identifiers_of(
        self, connection: AsyncConnection, patients: Sequence[PatientId]
    ) -> Mapping[UUID, Sequence[PatientIdentifier]]:
        found: dict[UUID, list[PatientIdentifier]] = {each: [] for each in patients}
        ids = self._ids.parameters([(each,) for each in patients])
        for patient_id, system, value in await connection.execute(self._find_identifiers, ids):
            found[patient_id].append(PatientIdentifier(IdentifierSystem(system), value))
        return found


def _known(
    identifiers: Sequence[PatientIdentifier],
    date_of_birth: date | None,
    deceased: bool,  # noqa: FBT001 - a column
    registered_at: datetime | None,
) -> KnownPatient:
    return KnownPatient(
        frozenset(identifiers), date_of_birth, deceased=deceased, registered=registered_at is not None
    )


def _owner(named: FromClause) -> ScalarSelect[Any]:
    """Give the id of the patient who has `system` and `value` of a row, else null.

    A subquery and no join: for thousands of rows a planner would rather read the whole table than look
    up each.
    """
    return (
        select(patient_identifier.c.patient_id)
        .where(patient_identifier.c.system == named.c.system, patient_identifier.c.value == named.c.value)
        .scalar_subquery()
    )


def _of_patient(column: Any, ids: FromClause) -> ScalarSelect[Any]:  # noqa: ANN401 - a column of any type
    return select(column).where(patient.c.id == ids.c.id).scalar_subquery()
