"""Holds and care relationships of patients, changed set by set."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Date, Text, Uuid, bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.patient_history import PatientHistory
from adapters.sql.revocation import OpenInvitations
from adapters.sql.tables import ALL_ORGANISATIONS, care_relationship, patient, patient_hold
from application.ports.patients import CareRepository
from domain.administration import Attribution
from domain.holds import Hold, HoldReason, renewed
from domain.invitations import RevocationReason
from domain.organisations import OrganisationId
from domain.patient_history import changed_hold, ended_care
from domain.patients import PatientId


def scope_of(organisation_id: OrganisationId | None) -> UUID:
    """Give the organisation of a hold as the table has it."""
    return ALL_ORGANISATIONS if organisation_id is None else organisation_id.value


class SqlCareRepository(CareRepository):
    """Changes all patients of a call by a handful of statements, in one transaction."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._holds = HoldsInTransaction(database)
        self._ids = database.batch(BatchColumn("patient_id", Uuid()))
        self._history = PatientHistory(database)
        self._open_invitations = OpenInvitations(database)
        self._end = (
            delete(care_relationship)
            .where(
                care_relationship.c.organisation_id == bindparam("organisation", type_=Uuid),
                care_relationship.c.patient_id.in_(select(self._ids.rows.c.patient_id)),
            )
            .returning(care_relationship.c.patient_id)
        )

    async def place_hold(
        self, patients: Sequence[PatientId], hold: Hold, attribution: Attribution
    ) -> Sequence[PatientId]:
        """Put the patients on hold, and revoke their open invitations at the organisations it is for."""
        return await self._database.write(
            lambda connection: self._holds.place(connection, patients, hold, attribution)
        )

    async def release_hold(
        self, patients: Sequence[PatientId], reason: HoldReason, attribution: Attribution
    ) -> Sequence[PatientId]:
        """End the hold for a reason, of the organisation of `attribution` or that for all."""
        return await self._database.write(
            lambda connection: self._holds.release(connection, patients, reason, attribution)
        )

    async def end_care(
        self, patients: Sequence[PatientId], organisation_id: OrganisationId, attribution: Attribution
    ) -> Sequence[PatientId]:
        """End the organisation's care relationships, and revoke its open invitations of the patients."""

        async def work(connection: AsyncConnection) -> Sequence[PatientId]:
            ids = self._ids.parameters([(each,) for each in patients])
            deleted = await connection.scalars(self._end, {**ids, "organisation": organisation_id.value})
            ended = [PatientId(each) for each in deleted]
            await self._open_invitations.revoke(
                connection, patients, organisation_id, RevocationReason.CARE_ENDED, attribution.moment
            )
            await self._history.add(connection, [(each, ended_care()) for each in ended], attribution)
            return ended

        return await self._database.write(work)


class HoldsInTransaction:
    """Places and releases holds within a transaction."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._ids = database.batch(BatchColumn("patient_id", Uuid()))
        self._history = PatientHistory(database)
        self._open_invitations = OpenInvitations(database)
        ids = select(self._ids.rows.c.patient_id)
        self._lock = (
            select(patient.c.id).where(patient.c.id.in_(ids)).order_by(patient.c.id).with_for_update()
        )
        of_the_same_kind = (
            patient_hold.c.patient_id.in_(ids),
            patient_hold.c.organisation_id == bindparam("scope", type_=Uuid),
            patient_hold.c.reason == bindparam("reason", type_=Text),
        )
        self._find = select(
            patient_hold.c.patient_id, patient_hold.c.starts_on, patient_hold.c.ends_on
        ).where(*of_the_same_kind)
        insert = database.upsert(patient_hold).from_select(
            ["patient_id", "organisation_id", "reason", "starts_on", "ends_on"],
            select(
                self._ids.rows.c.patient_id,
                bindparam("scope", type_=Uuid),
                bindparam("reason", type_=Text),
                bindparam("starts_on", type_=Date),
                bindparam("ends_on", type_=Date),
            ).where(self._ids.rows.c.patient_id.is_not(None)),
        )
        self._place = insert.on_conflict_do_update(
            index_elements=[*patient_hold.primary_key], set_={"ends_on": insert.excluded.ends_on}
        )
        self._release = delete(patient_hold).where(*of_the_same_kind)
        self._note_holds = (
            update(patient)
            .where(patient.c.id.in_(ids))
            .values(has_holds=exists().where(patient_hold.c.patient_id == patient.c.id))
        )

    async def place(
        self,
        connection: AsyncConnection,
        patients: Sequence[PatientId],
        hold: Hold,
        attribution: Attribution,
    ) -> Sequence[PatientId]:
        """Put the patients on hold; return those for whom that changes something."""
        before = await self._locked(connection, patients, hold.organisation_id, hold.reason)
        after = {each: renewed(earlier, hold) for each, earlier in before.items()}
        changed = [each for each in before if before[each] != after[each]]
        if changed:
            await connection.execute(
                self._place,
                {
                    **self._ids.parameters([(each,) for each in changed]),
                    "scope": scope_of(hold.organisation_id),
                    "reason": hold.reason.value,
                    "starts_on": hold.starts_on,
                    "ends_on": hold.ends_on,
                },
            )
            await connection.execute(self._note_holds, self._ids.parameters([(each,) for each in changed]))
        # also of those who were on hold already: a call that had read them before may have stored one since
        await self._open_invitations.revoke(
            connection, patients, hold.organisation_id, RevocationReason.HELD, attribution.moment
        )
        values = [(each, changed_hold(before[each], after[each])) for each in changed]
        await self._history.add(connection, values, attribution)
        return changed

    async def release(
        self,
        connection: AsyncConnection,
        patients: Sequence[PatientId],
        reason: HoldReason,
        attribution: Attribution,
    ) -> Sequence[PatientId]:
        """End the hold of the patients; return those who were on it."""
        before = await self._locked(connection, patients, attribution.organisation_id, reason)
        released = [each for each, hold in before.items() if hold is not None]
        if released:
            ids = self._ids.parameters([(each,) for each in released])
            scope = scope_of(attribution.organisation_id)
            await connection.execute(self._release, {**ids, "scope": scope, "reason": reason.value})
            await connection.execute(self._note_holds, ids)
        values = [(each, changed_hold(before[each], None)) for each in released]
        await self._history.add(connection, values, attribution)
        return released

    async def _locked(
        self,
        connection: AsyncConnection,
        patients: Sequence[PatientId],
        organisation_id: OrganisationId | None,
        reason: HoldReason,
    ) -> Mapping[PatientId, Hold | None]:
        """Let no other transaction change these patients, and give the hold of this kind of each."""
        ids = self._ids.parameters([(each,) for each in patients])
        locked = await connection.scalars(self._lock, ids)
        holds: dict[PatientId, Hold | None] = {PatientId(each): None for each in locked}
        parameters = {**ids, "scope": scope_of(organisation_id), "reason": reason.value}
        for row in await connection.execute(self._find, parameters):
            holds[PatientId(row.patient_id)] = Hold(organisation_id, reason, row.starts_on, row.ends_on)
        return holds
