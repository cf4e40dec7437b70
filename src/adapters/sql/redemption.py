"""Redeems invitations: finds one by a secret, locks its patient, and stores what was decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, Uuid, and_, bindparam, delete, select

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.patient_invitations import LIFE
from adapters.sql.patients import held_until
from adapters.sql.prepared import Execute, Prepared
from adapters.sql.redemption_changes import IS_THIS, RedemptionChanges, RedemptionRow
from adapters.sql.tables import (
    UtcDateTime,
    care_relationship,
    failed_claim,
    invitation,
    organisation,
    patient,
    patient_identifier,
)
from application.ports.redemption import (
    Decide,
    FailedClaims,
    RedemptionRepository,
)
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.invitations import InvitationLife
from domain.organisations import OrganisationId
from domain.patients import Patient, PatientId
from domain.redemption import InvitationToRedeem

T = TypeVar("T")


def _facts(*joined: ColumnElement[Any]) -> Select[Any]:
    """Select what `_invitation` reads, and more before it."""
    return (
        select(
            *joined,
            invitation.c.patient_id,
            patient.c.date_of_birth,
            patient.c.deceased,
            patient.c.registered_at.is_not(None),
            care_relationship.c.patient_id.is_not(None),
            held_until(invitation.c.organisation_id),
            invitation.c.organisation_id,
            and_(organisation.c.id.is_not(None), organisation.c.disabled_at.is_(None)),
            invitation.c.token_digest,
            invitation.c.key_id,
            invitation.c.claimed_by,
            *LIFE,
        )
        .join(patient, patient.c.id == invitation.c.patient_id)
        .outerjoin(organisation, organisation.c.id == invitation.c.organisation_id)
        .outerjoin(
            care_relationship,
            and_(
                care_relationship.c.organisation_id == invitation.c.organisation_id,
                care_relationship.c.patient_id == invitation.c.patient_id,
            ),
        )
        .where(IS_THIS)
        # revocation by a batch does not lock the patient
        .with_for_update(of=invitation)
    )


_WITH_FAILURES = _facts(failed_claim.c.failed_at).outerjoin(
    failed_claim,
    and_(
        failed_claim.c.patient_id == invitation.c.patient_id,
        failed_claim.c.failed_at >= bindparam("since", type_=UtcDateTime),
    ),
)
_WITH_IDENTIFIERS = (
    _facts(invitation.c.claim_digest, patient_identifier.c.system, patient_identifier.c.value)
    .outerjoin(patient_identifier, patient_identifier.c.patient_id == invitation.c.patient_id)
    .order_by(patient_identifier.c.system, patient_identifier.c.value)
)

# not in the statement that finds the invitation: that one may ask several shards, where nothing can be locked
_LOCK = select(patient.c.id).where(patient.c.id == bindparam("this_patient", type_=Uuid)).with_for_update()


class SqlRedemptionRepository(RedemptionRepository):
    """Locks the patient first, then reads what the decision needs, so that it sees what others committed."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._digests = database.batch(BatchColumn("digest", LargeBinary()))
        self._find_code = self._finding(invitation.c.code_digest)
        self._find_claim = self._finding(invitation.c.claim_digest)
        self._lock = database.prepare(_LOCK)
        self._with_failures = database.prepare(_WITH_FAILURES)
        self._with_identifiers = database.prepare(_WITH_IDENTIFIERS)
        self._changes = RedemptionChanges(database)

    async def by_code(self, code_digests: Sequence[bytes], since: datetime, decide: Decide[T]) -> T:
        """Find the invitation whose code has one of these digests, with the failed claims from `since` on."""

        async def work(execute: Execute) -> T:
            row = await self._locked(execute, self._find_code, code_digests)
            rows = await execute(self._with_failures, {"this_code": row.code_digest, "since": since})
            failures = [failed_at for failed_at, *_facts in rows if failed_at is not None]
            found = _invitation(rows[0][1:], failures=failures) if rows else None
            return await self._decided(execute, row, found, decide)

        return await self._database.transact(work)

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        """Find the invitation whose latest claim has one of these digests, with the patient's identifiers."""

        async def work(execute: Execute) -> T:
            row = await self._locked(execute, self._find_claim, claim_digests)
            rows = await execute(self._with_identifiers, {"this_code": row.code_digest})
            identifiers = [
                PatientIdentifier(IdentifierSystem(system), value)
                for _digest, system, value, *_facts in rows
                if value is not None
            ]
            # a newer claim may have been stored while this one waited for the lock
            is_latest = bool(rows) and rows[0][0] in claim_digests
            found = _invitation(rows[0][3:], identifiers) if is_latest else None
            return await self._decided(execute, row, found, decide)

        return await self._database.transact(work)

    def _finding(self, column: ColumnElement[bytes | None]) -> Prepared:
        digests = self._digests.rows
        return self._database.prepare(
            select(invitation.c.code_digest, invitation.c.patient_id)
            .select_from(digests)
            .join(invitation, column == digests.c.digest)
        )

    async def _locked(self, execute: Execute, finding: Prepared, digests: Sequence[bytes]) -> RedemptionRow:
        rows = await execute(finding, self._digests.parameters([(each,) for each in digests]))
        # the next statements run for an unknown code too, so that it takes the same time
        row = RedemptionRow(*rows[0]) if rows else RedemptionRow(digests[0], UUID(bytes=digests[0][:16]))
        await execute(self._lock, {"this_patient": row.patient_id})
        return row

    async def _decided(
        self, execute: Execute, row: RedemptionRow, found: InvitationToRedeem | None, decide: Decide[T]
    ) -> T:
        decision, answer = decide(found)
        await self._changes.store(execute, row, found, decision)
        return answer


def _invitation(
    facts: Sequence[Any],
    identifiers: Sequence[PatientIdentifier] = (),
    failures: Sequence[datetime] = (),
) -> InvitationToRedeem:
    patient_id, date_of_birth, deceased, registered, related, held, *of_invitation = facts
    organisation_id, enabled, token_digest, key_id, claimed_by, *life = of_invitation
    return InvitationToRedeem(
        Patient(PatientId(patient_id), date_of_birth, deceased, registered, related, held),
        identifiers,
        OrganisationId(organisation_id),
        enabled,
        token_digest,
        key_id,
        InvitationLife(*life),
        failures,
        claimed_by,
    )


_FORGET = delete(failed_claim).where(failed_claim.c.failed_at < bindparam("before", type_=UtcDateTime))


class SqlFailedClaims(FailedClaims):
    """Deletes failed claims by their moment; `SqlRedemptionRepository` stores them."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._database = database

    async def forget(self, before: datetime) -> int:
        """Delete the claims that failed before a moment, and return how many."""
        result = await self._database.write(
            lambda connection: connection.execute(_FORGET, {"before": before})
        )
        return result.rowcount
