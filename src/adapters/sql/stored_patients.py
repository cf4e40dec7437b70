"""What is known of patients, read for those who decide what reports change in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import patient, patient_identifier
from application.ports.patients import StoredPatient
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.patient_reports import KnownPatient
from domain.patients import PatientId

_IS_REGISTERED = patient.c.registered_at.is_not(None).label("registered")


class StoredPatients:
    """Reads what is known of patients."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the tables."""
        self._named = database.batch(BatchColumn("system", Text()), BatchColumn("value", Text()))
        self._ids = database.batch(BatchColumn("id", Uuid()))
        named, ids = self._named.rows, self._ids.rows
        known = (patient.c.id, patient.c.date_of_birth, patient.c.deceased, _IS_REGISTERED)
        self._find_patients = database.looked_up(
            named,
            select(*known).join_from(
                patient_identifier, patient, patient.c.id == patient_identifier.c.patient_id
            ),
            patient_identifier.c.system == named.c.system,
            patient_identifier.c.value == named.c.value,
        )
        self._lock_patients = (
            select(*known).where(patient.c.id.in_(select(ids.c.id))).order_by(patient.c.id).with_for_update()
        )
        self._find_identifiers = select(
            patient_identifier.c.patient_id, patient_identifier.c.system, patient_identifier.c.value
        ).where(patient_identifier.c.patient_id.in_(select(ids.c.id)))

    async def find(
        self, connection: AsyncConnection, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        """Give the patients that have one of the identifiers, with those of them that are asked for."""
        batch = self._named.parameters([(each.system, each.value) for each in identifiers])
        found: dict[UUID, Sequence[Any]] = {}
        owned: dict[UUID, list[PatientIdentifier]] = {}
        for patient_id, *known, position in await connection.execute(self._find_patients, batch):
            found[patient_id] = known
            owned.setdefault(patient_id, []).append(identifiers[position])
        return {
            identifier: stored
            for patient_id, known in found.items()
            for stored in [StoredPatient(PatientId(patient_id), _known(owned[patient_id], *known))]
            for identifier in owned[patient_id]
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
        return {
            PatientId(patient_id): _known(identifiers[patient_id], *known) for patient_id, *known in locked
        }

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
    registered: bool,  # noqa: FBT001 - a column
) -> KnownPatient:
    return KnownPatient(frozenset(identifiers), date_of_birth, deceased=deceased, registered=registered)
