"""Finds patients by their identifiers, with one statement."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, Uuid, and_, bindparam, case, func, literal, select

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import (
    ALL_ORGANISATIONS,
    care_relationship,
    patient,
    patient_hold,
    patient_identifier,
)
from application.ports.patients import PatientRepository
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId


def held_until(organisation_id: ColumnElement[UUID]) -> ColumnElement[date | None]:
    """Give the last day of the holds on the patient of the row that count for an organisation."""
    last_day = (
        select(func.max(func.coalesce(patient_hold.c.ends_on, literal(date.max, Date)), type_=Date))
        .where(
            patient_hold.c.patient_id == patient.c.id,
            patient_hold.c.organisation_id.in_([organisation_id, literal(ALL_ORGANISATIONS, Uuid)]),
        )
        .scalar_subquery()
    )
    return case((patient.c.has_holds, last_day))


class SqlPatientRepository(PatientRepository):
    """Reads a whole batch by one statement, including the organisation's care relationships."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._batch = database.batch(BatchColumn("system", Text()), BatchColumn("value", Text()))
        named = self._batch.rows.c
        self._find = database.reading(
            select(
                named.position,
                patient.c.id,
                patient.c.date_of_birth,
                patient.c.deceased,
                patient.c.registered_at.is_not(None),
                care_relationship.c.patient_id.is_not(None),
                held_until(bindparam("organisation_id", type_=Uuid)),
            )
            .select_from(self._batch.rows)
            .join(
                patient_identifier,
                and_(patient_identifier.c.system == named.system, patient_identifier.c.value == named.value),
            )
            .join(patient, patient.c.id == patient_identifier.c.patient_id)
            .outerjoin(
                care_relationship,
                and_(
                    care_relationship.c.organisation_id == bindparam("organisation_id"),
                    care_relationship.c.patient_id == patient.c.id,
                ),
            )
        )

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        """Return each known patient under each of their identifiers in the request."""
        batch = self._batch.parameters([(each.system, each.value) for each in identifiers])
        rows = await self._find({"organisation_id": organisation_id.value, **batch})
        return {
            identifiers[position]: Patient(
                PatientId(patient_id), date_of_birth, deceased, registered, related, held_until
            )
            for position, patient_id, date_of_birth, deceased, registered, related, held_until in rows
        }
