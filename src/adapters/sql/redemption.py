"""Redeems invitations: finds one by a secret, locks its patient, and stores what was decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    LargeBinary,
    Row,
    Select,
    Uuid,
    and_,
    bindparam,
    delete,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.patients import held_until
from adapters.sql.redemption_changes import IS_THIS, RedemptionRow, store
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
    """Select an invitation and its patient as its organisation sees them."""
    return (
        select(
            invitation,
            patient.c.date_of_birth,
            patient.c.deceased,
            patient.c.registered_at.is_not(None).label("registered"),
            care_relationship.c.patient_id.is_not(None).label("related"),
            held_until(invitation.c.organisation_id).label("held_until"),
            and_(organisation.c.id.is_not(None), organisation.c.disabled_at.is_(None)).label("enabled"),
            *joined,
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
    _facts(patient_identifier.c.system, patient_identifier.c.value)
    .outerjoin(patient_identifier, patient_identifier.c.patient_id == invitation.c.patient_id)
    .order_by(patient_identifier.c.system, patient_identifier.c.value)
)


class SqlRedemptionRepository(RedemptionRepository):
    """Locks the patient first, then reads what the decision needs, so that it sees what others committed."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._digests = database.batch(BatchColumn("digest", LargeBinary()))
        self._find_code = _finding(self._digests.rows, invitation.c.code_digest)
        self._find_claim = _finding(self._digests.rows, invitation.c.claim_digest)

    async def by_code(self, code_digests: Sequence[bytes], since: datetime, decide: Decide[T]) -> T:
        """Find the invitation whose code has one of these digests, with the failed claims from `since` on."""

        async def work(connection: AsyncConnection) -> T:
            row = await self._locked(connection, self._find_code, code_digests)
            facts = await connection.execute(_WITH_FAILURES, {"this_code": row.code_digest, "since": since})
            found = facts.all()
            failures = [each.failed_at for each in found if each.failed_at is not None]
            return await _decided(connection, row, _invitation(found, failures=failures), decide)

        return await self._database.write(work)

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        """Find the invitation whose latest claim has one of these digests, with the patient's identifiers."""

        async def work(connection: AsyncConnection) -> T:
            row = await self._locked(connection, self._find_claim, claim_digests)
            facts = await connection.execute(_WITH_IDENTIFIERS, {"this_code": row.code_digest})
            # a newer claim may have been stored while this one waited for the lock
            found = [each for each in facts if each.claim_digest in claim_digests]
            identifiers = [
                PatientIdentifier(IdentifierSystem(each.system), each.value)
                for each in found
                if each.value is not None
            ]
            return await _decided(connection, row, _invitation(found, identifiers), decide)

        return await self._database.write(work)

    async def _locked(
        self, connection: AsyncConnection, finding: Select[Any], digests: Sequence[bytes]
    ) -> RedemptionRow:
        result = await connection.execute(finding, self._digests.parameters([(each,) for each in digests]))
        found = result.first()
        # the next statements run for an unknown code too, so that it takes the same time
        row = (
            RedemptionRow(digests[0], UUID(bytes=digests[0][:16]))
            if found is None
            else RedemptionRow(found.code_digest, found.patient_id)
        )
        await connection.execute(_LOCK, {"this_patient": row.patient_id})
        return row


# not in the statement that finds the invitation: that one may ask several shards, where nothing can be locked
_LOCK = select(patient.c.id).where(patient.c.id == bindparam("this_patient", type_=Uuid)).with_for_update()


def _finding(digests: FromClause, column: ColumnElement[bytes]) -> Select[Any]:
    return (
        select(invitation.c.code_digest, invitation.c.patient_id)
        .select_from(digests)
        .join(invitation, column == digests.c.digest)
    )


def _invitation(
    found: Sequence[Row[Any]],
    identifiers: Sequence[PatientIdentifier] = (),
    failures: Sequence[datetime] = (),
) -> InvitationToRedeem | None:
    if not found:
        return None
    row = found[0]
    return InvitationToRedeem(
        Patient(
            PatientId(row.patient_id),
            row.date_of_birth,
            row.deceased,
            row.registered,
            row.related,
            row.held_until,
        ),
        identifiers,
        OrganisationId(row.organisation_id),
        row.enabled,
        row.token_digest,
        row.key_id,
        InvitationLife(
            row.issued_at,
            row.expires_at,
            row.redeemed_at,
            row.revoked_at,
            row.failed_attempts,
            row.claim_expires_at,
        ),
        failures,
        row.claimed_by,
    )


async def _decided(
    connection: AsyncConnection, row: RedemptionRow, found: InvitationToRedeem | None, decide: Decide[T]
) -> T:
    decision, answer = decide(found)
    await store(connection, row, found, decision)
    return answer


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
