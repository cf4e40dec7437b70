"""Redeems invitations: finds one by a secret, locks its patient, and stores what was decided."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Select, Uuid, and_, bindparam, delete, select

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
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


class _Facts(NamedTuple):
    """An invitation and its patient as its organisation sees them."""

    patient_id: UUID
    date_of_birth: date | None
    deceased: bool
    registered: bool
    related: bool
    held_until: date | None
    organisation_id: UUID
    enabled: bool
    token_digest: bytes
    key_id: str
    issued_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None
    revoked_at: datetime | None
    failed_attempts: int
    claim_expires_at: datetime | None
    claim_digest: bytes | None
    claimed_by: str | None


def _facts(*joined: ColumnElement[Any]) -> Select[Any]:
    """Select `_Facts` and more."""
    return (
        select(
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
            invitation.c.issued_at,
            invitation.c.expires_at,
            invitation.c.redeemed_at,
            invitation.c.revoked_at,
            invitation.c.failed_attempts,
            invitation.c.claim_expires_at,
            invitation.c.claim_digest,
            invitation.c.claimed_by,
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
            facts = [_Facts(*each) for *each, _failed_at in rows]
            failures = [failed_at for *_facts, failed_at in rows if failed_at is not None]
            return await self._decided(execute, row, _invitation(facts, failures=failures), decide)

        return await self._database.transact(work)

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        """Find the invitation whose latest claim has one of these digests, with the patient's identifiers."""

        async def work(execute: Execute) -> T:
            row = await self._locked(execute, self._find_claim, claim_digests)
            rows = await execute(self._with_identifiers, {"this_code": row.code_digest})
            facts, identifiers = [], []
            for *each, system, value in rows:
                facts.append(_Facts(*each))
                if value is not None:
                    identifiers.append(PatientIdentifier(IdentifierSystem(system), value))
            # a newer claim may have been stored while this one waited for the lock
            is_latest = bool(facts) and facts[0].claim_digest in claim_digests
            found = _invitation(facts, identifiers) if is_latest else None
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
    facts: Sequence[_Facts],
    identifiers: Sequence[PatientIdentifier] = (),
    failures: Sequence[datetime] = (),
) -> InvitationToRedeem | None:
    if not facts:
        return None
    found = facts[0]
    return InvitationToRedeem(
        Patient(
            PatientId(found.patient_id),
            found.date_of_birth,
            found.deceased,
            found.registered,
            found.related,
            found.held_until,
        ),
        identifiers,
        OrganisationId(found.organisation_id),
        found.enabled,
        found.token_digest,
        found.key_id,
        InvitationLife(
            found.issued_at,
            found.expires_at,
            found.redeemed_at,
            found.revoked_at,
            found.failed_attempts,
            found.claim_expires_at,
        ),
        failures,
        found.claimed_by,
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
