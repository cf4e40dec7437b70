"""The whole record of a patient: shown, taken apart and erased."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, Uuid, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.patient_history import PatientHistory
from adapters.sql.revocation import OpenInvitations
from adapters.sql.stored_patients import StoredPatients
from adapters.sql.tables import (
    ALL_ORGANISATIONS,
    care_relationship,
    failed_claim,
    invitation,
    patient,
    patient_change,
    patient_hold,
    patient_identifier,
)
from application.ports.patients import PatientRecord, PatientRecordRepository, ShownInvitation
from domain.administration import Attribution
from domain.holds import Hold, HoldReason
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationLife, RequestId, RevocationReason
from domain.organisations import OrganisationId
from domain.patient_history import unlinked
from domain.patients import PatientId

_ID = bindparam("id", type_=Uuid)
_FIRST_REPORTED = select(patient.c.first_reported_at, patient.c.first_reported_by).where(patient.c.id == _ID)
_CARE = select(care_relationship.c.organisation_id).where(care_relationship.c.patient_id == _ID)
_HOLDS = select(patient_hold).where(patient_hold.c.patient_id == _ID).order_by("starts_on", "reason")
_INVITATIONS = select(invitation).where(invitation.c.patient_id == _ID).order_by("issued_at", "code_digest")
_UNLINK = (
    delete(patient_identifier)
    .where(
        patient_identifier.c.system == bindparam("system", type_=Text),
        patient_identifier.c.value == bindparam("value", type_=Text),
    )
    .returning(patient_identifier.c.patient_id)
)


class SqlPatientRecordRepository(PatientRecordRepository):
    """Reads and erases in all tables that keep something of a patient."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._stored = StoredPatients(database)
        self._history = PatientHistory(database)
        self._open_invitations = OpenInvitations(database)
        self._ids = database.batch(BatchColumn("id", Uuid()))
        ids = select(self._ids.rows.c.id)
        self._lock = (
            select(patient.c.id).where(patient.c.id.in_(ids)).order_by(patient.c.id).with_for_update()
        )
        self._forget = [
            delete(table).where(column.in_(ids))
            for table, column in (
                (patient_identifier, patient_identifier.c.patient_id),
                (care_relationship, care_relationship.c.patient_id),
                (patient_hold, patient_hold.c.patient_id),
                (patient_change, patient_change.c.patient_id),
                (failed_claim, failed_claim.c.patient_id),
                (invitation, invitation.c.patient_id),
                (patient, patient.c.id),
            )
        ]

    async def show(self, identifier: PatientIdentifier) -> PatientRecord | None:
        """Return the record of the patient who has the identifier."""

        async def work(connection: AsyncConnection) -> PatientRecord | None:
            found = (await self._stored.find_whole(connection, [identifier])).get(identifier)
            if found is None:
                return None
            by_id = {"id": found.id}
            first_at, first_by = (await connection.execute(_FIRST_REPORTED, by_id)).one()
            return PatientRecord(
                found,
                _first_reported(first_at, first_by and OrganisationId(first_by)),
                [OrganisationId(each) for each in await connection.scalars(_CARE, by_id)],
                [
                    Hold(_scope(row.organisation_id), HoldReason(row.reason), row.starts_on, row.ends_on)
                    for row in await connection.execute(_HOLDS, by_id)
                ],
                await self._history.of(connection, found.id),
                [
                    ShownInvitation(
                        OrganisationId(row.organisation_id),
                        RequestId(row.request_id),
                        InvitationLife(
                            row.issued_at,
                            row.expires_at,
                            row.redeemed_at,
                            row.revoked_at,
                            row.failed_attempts,
                            row.claim_expires_at,
                        ),
                    )
                    for row in await connection.execute(_INVITATIONS, by_id)
                ],
            )

        return await self._database.read(work)

    async def unlink(self, identifier: PatientIdentifier, attribution: Attribution) -> PatientId | None:
        """Take the identifier off its patient, and revoke the patient's open invitations."""

        async def work(connection: AsyncConnection) -> PatientId | None:
            named = {"system": identifier.system.value, "value": identifier.value}
            owner = await connection.scalar(_UNLINK, named)
            if owner is None:
                return None
            patient_id = PatientId(owner)
            await self._open_invitations.revoke(
                connection, [patient_id], None, RevocationReason.IDENTIFIER_UNLINKED, attribution.moment
            )
            await self._history.add(connection, [(patient_id, unlinked(identifier))], attribution)
            return patient_id

        return await self._database.write(work)

    async def forget(self, patients: Sequence[PatientId]) -> Sequence[PatientId]:
        """Erase all that is kept of the patients. Events of the audit keep their ids."""

        async def work(connection: AsyncConnection) -> Sequence[PatientId]:
            ids = self._ids.parameters([(each,) for each in patients])
            kept = [PatientId(each) for each in await connection.scalars(self._lock, ids)]
            for statement in self._forget:
                await connection.execute(statement, ids)
            return kept

        return await self._database.write(work)


def _first_reported(
    moment: datetime | None, organisation_id: OrganisationId | None
) -> tuple[datetime, OrganisationId] | None:
    return None if moment is None or organisation_id is None else (moment, organisation_id)


def _scope(organisation_id: object) -> OrganisationId | None:
    return None if organisation_id == ALL_ORGANISATIONS else OrganisationId(organisation_id)  # type: ignore[arg-type]  # a UUID
