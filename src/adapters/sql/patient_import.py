"""What organisations report about patients, read, decided on and stored in one transaction."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TypeVar

from asyncpg.pgproto import pgproto
from sqlalchemy import (
    Boolean,
    Date,
    Executable,
    Uuid,
    bindparam,
    case,
    func,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7

from adapters.sql.appending import AlreadyStoredError
from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.errors import RolledBack
from adapters.sql.report_effects import ReportEffects
from adapters.sql.stored_patients import StoredPatients
from adapters.sql.tables import UtcDateTime, care_relationship, patient, patient_identifier
from application.ports.patients import (
    Decide,
    PatientChanges,
    PatientIds,
    PatientReportRepository,
    StoredPatient,
)
from domain.administration import Attribution, Command
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patient_reports import KnownPatient
from domain.patients import PatientId

T = TypeVar("T")


class OrderedPatientIds(PatientIds):
    """Draws ids in order of time, so that the database appends them to its index.

    Source: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
    """

    def draw(self) -> PatientId:
        """Give an id that no patient has."""
        # the driver's own uuid.UUID takes a third of the time to make and to send: an import has one a row
        return PatientId(pgproto.UUID(uuid7().bytes))


_ATTEMPTS = 5
"""How often a change is decided again because another report stored one of its identifiers first."""

# SQLite takes ON CONFLICT for a part of the FROM when the SELECT before it has no WHERE
_ALL = true()


class SqlPatientReportRepository(PatientReportRepository):
    """Reads and stores by a handful of statements, however many patients there are."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the tables."""
        self._database = database
        self._stored = StoredPatients(database)
        self._changes = _ChangedPatients(database)

    async def find(
        self, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, StoredPatient]:
        """Return the patients that identifiers name, with all of their identifiers."""
        return await self._database.read(lambda connection: self._stored.find_whole(connection, identifiers))

    async def change(
        self,
        organisation_id: OrganisationId,
        recorded_at: datetime,
        identifiers: Sequence[PatientIdentifier],
        decide: Decide[T],
        command: Command = Command.IMPORT_PATIENTS,
    ) -> T:
        """Let `decide` say what changes, and store it, all of it or nothing."""
        attribution = Attribution(command, organisation_id, recorded_at)

        async def work(connection: AsyncConnection) -> T:
            stored = await self._stored.find(connection, identifiers)
            while True:
                changes, answer = decide(stored)
                locked = await self._stored.lock(connection, list(changes.changed))
                if all(locked.get(each) == before for each, (before, _after) in changes.changed.items()):
                    break
                stored = _with(stored, changes.changed.keys(), locked)
            await self._changes.store(connection, organisation_id, attribution, changes)
            return answer

        for _attempt in range(_ATTEMPTS):
            try:
                return await self._database.write(work)
            except AlreadyStoredError:
                continue
        raise RolledBack("the identifiers of a report are stored by others all the time")


def _with(
    stored: Mapping[PatientIdentifier, StoredPatient],
    to_lock: AbstractSet[PatientId],
    locked: Mapping[PatientId, KnownPatient],
) -> Mapping[PatientIdentifier, StoredPatient]:
    """Replace what was read by what is locked, which no other transaction changes any more.

    Those who could not be locked are no longer there.
    """
    kept = {identifier: each for identifier, each in stored.items() if each.id not in to_lock}
    found = {
        identifier: StoredPatient(patient_id, known)
        for patient_id, known in locked.items()
        for identifier in known.identifiers
    }
    return {**kept, **found}


class _ChangedPatients:
    """Stores what was decided, set by set: patients, identifiers, care relationships.

    The id of a new patient is known to this transaction alone, so its rows are appended.
    """

    def __init__(self, database: Database) -> None:
        self._new_patients = database.appending(
            patient,
            "id",
            "date_of_birth",
            "deceased",
            "registered_at",
            "first_reported_at",
            "first_reported_by",
        )
        self._new_identifiers = database.appending(patient_identifier, "system", "value", "patient_id")
        self._new_care_relationships = database.appending(care_relationship, "organisation_id", "patient_id")
        self._changed = database.staging(
            "staged_patient",
            BatchColumn("id", Uuid()),
            BatchColumn("date_of_birth", Date()),
            BatchColumn("deceased", Boolean()),
            BatchColumn("registered", Boolean()),
        )
        self._reported = database.staging("staged_report", BatchColumn("patient_id", Uuid()))
        self._store_changed = self._storing_changed()
        self._store_care_relationships = self._storing_care_relationships(database)
        self._effects = ReportEffects(database)

    async def store(
        self,
        connection: AsyncConnection,
        organisation_id: OrganisationId,
        attribution: Attribution,
        changes: PatientChanges,
    ) -> None:
        """Store the changes. Raises AlreadyStoredError for an identifier that another one has stored."""
        await self._effects.store(connection, changes, attribution)
        if changes.new:
            rows = _new_rows(changes, organisation_id, attribution.moment)
            await self._new_patients.append(connection, rows)
        if changes.changed:
            changed = await self._changed.fill(
                connection,
                [
                    (each, known.date_of_birth, known.deceased, known.registered)
                    for each, (_before, known) in changes.changed.items()
                ],
            )
            await connection.execute(self._store_changed, {**changed, "recorded_at": attribution.moment})
        added = _added_identifiers(changes)
        if added:
            await self._new_identifiers.append(connection, added)
        await self._store_reported(connection, organisation_id, changes)
        await self._effects.hold(connection, changes, attribution)

    async def _store_reported(
        self, connection: AsyncConnection, organisation_id: OrganisationId, changes: PatientChanges
    ) -> None:
        reported = {*changes.reported}
        new = [(organisation_id.value, each) for each in changes.new if each in reported]
        if new:
            await self._new_care_relationships.append(connection, new)
        known = [(each,) for each in reported if each not in changes.new]
        if known:
            staged = await self._reported.fill(connection, known)
            await connection.execute(
                self._store_care_relationships, {**staged, "organisation_id": organisation_id.value}
            )

    def _storing_changed(self) -> Executable:
        known = self._changed.rows.c
        recorded_at = bindparam("recorded_at", type_=UtcDateTime)
        return (
            update(patient)
            .where(patient.c.id == known.id)
            .values(
                date_of_birth=known.date_of_birth,
                deceased=known.deceased,
                # a registration keeps its moment, unless a correction takes it back
                registered_at=case((known.registered, func.coalesce(patient.c.registered_at, recorded_at))),
            )
        )

    def _storing_care_relationships(self, database: Database) -> Executable:
        organisation_id = bindparam("organisation_id", type_=Uuid)
        return (
            database.upsert(care_relationship)
            .from_select(
                ["organisation_id", "patient_id"],
                select(organisation_id, self._reported.rows.c.patient_id).where(_ALL),
            )
            .on_conflict_do_nothing()
        )


def _new_rows(
    changes: PatientChanges, organisation_id: OrganisationId, recorded_at: datetime
) -> Sequence[tuple[object, ...]]:
    return [
        (
            each,
            known.date_of_birth,
            known.deceased,
            recorded_at if known.registered else None,
            recorded_at,
            organisation_id.value,
        )
        for each, known in changes.new.items()
    ]


def _added_identifiers(changes: PatientChanges) -> Sequence[tuple[str, str, PatientId]]:
    added = [(each, known.identifiers) for each, known in changes.new.items()]
    added += [
        (each, after.identifiers - before.identifiers) for each, (before, after) in changes.changed.items()
    ]
    # in one order everywhere, so that two who store the same ones do not wait for each other for ever
    return sorted(
        (identifier.system, identifier.value, patient_id)
        for patient_id, identifiers in added
        for identifier in identifiers
    )
