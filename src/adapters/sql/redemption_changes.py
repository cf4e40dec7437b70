"""The statements that change an invitation while its patient is locked."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never
from uuid import UUID

from msgspec import Struct
from sqlalchemy import (
    LargeBinary,
    Text,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from adapters.sql.audit import INSERT_AUDIT_EVENT, audit_event_values
from adapters.sql.database import Database
from adapters.sql.prepared import Change, Execute, Prepared
from adapters.sql.tables import UtcDateTime, failed_claim, invitation, patient, patient_change
from application.ports.redemption import (
    AttemptCounted,
    AttemptNotCounted,
    AttemptTakenBack,
    Claimed,
    Decision,
    InvitationChange,
    Redeemed,
)
from domain.access import Operation
from domain.invitations import RevocationReason
from domain.patient_history import REGISTERED
from domain.redemption import InvitationToRedeem

_AT = bindparam("at", type_=UtcDateTime)
_CODE_DIGEST = bindparam("this_code", type_=LargeBinary)
_PATIENT_ID = bindparam("this_patient", type_=Uuid)
_BY_CLIENT = bindparam("by_client", type_=Text)
IS_THIS = invitation.c.code_digest == _CODE_DIGEST

# inline, here and below: nothing of the row is read back, not even its id
_COUNT_FAILURE = (
    insert(failed_claim).values(patient_id=_PATIENT_ID, code_digest=_CODE_DIGEST, failed_at=_AT).inline()
)
_COUNT_ATTEMPT = update(invitation).where(IS_THIS).values(failed_attempts=invitation.c.failed_attempts + 1)
# two attempts may have been counted at the same moment
_FORGET_FAILURE = delete(failed_claim).where(
    failed_claim.c.id
    == select(func.max(failed_claim.c.id))
    .where(
        failed_claim.c.patient_id == _PATIENT_ID,
        failed_claim.c.code_digest == _CODE_DIGEST,
        failed_claim.c.failed_at == _AT,
    )
    .scalar_subquery()
)
_TAKE_BACK = update(invitation).where(IS_THIS).values(failed_attempts=invitation.c.failed_attempts - 1)
_CLAIM = _TAKE_BACK.values(
    claim_digest=bindparam("of_claim", type_=LargeBinary),
    claimed_at=bindparam("at_claim", type_=UtcDateTime),
    claim_expires_at=bindparam("until", type_=UtcDateTime),
    claimed_by=_BY_CLIENT,
)
_IS_UNSPENT = and_(invitation.c.redeemed_at.is_(None), invitation.c.revoked_at.is_(None))
_REDEEM = update(invitation).where(IS_THIS, _IS_UNSPENT).values(redeemed_at=_AT, claimed_by=_BY_CLIENT)
_REGISTER = (
    update(patient)
    .where(patient.c.id == _PATIENT_ID, patient.c.registered_at.is_(None))
    .values(registered_at=_AT)
)
# not by `PatientHistory` and `OpenInvitations`, here and below: on PostgreSQL, these statements are part of
# one, which saves two round trips
_NOTE_REGISTRATION = (
    insert(patient_change)
    .values(
        patient_id=_PATIENT_ID,
        organisation_id=bindparam("organisation", type_=Uuid),
        command=Operation.CONFIRM_REGISTRATION.value,
        recorded_at=_AT,
        element=REGISTERED,
        old_value="false",
        new_value="true",
    )
    .inline()
)
REVOKE_OTHERS = (
    update(invitation)
    .where(
        invitation.c.patient_id == _PATIENT_ID,
        invitation.c.code_digest != _CODE_DIGEST,
        _IS_UNSPENT,
        or_(invitation.c.expires_at > _AT, invitation.c.claim_expires_at > _AT),
    )
    .values(revoked_at=_AT, revoked_reason=RevocationReason.REGISTERED.value)
)
"""Revokes the open invitations of a patient but one."""


_STATEMENTS: Mapping[type[InvitationChange], Sequence[Change]] = {
    AttemptCounted: (_COUNT_FAILURE, _COUNT_ATTEMPT),
    # as many of each kind as for one that is counted
    AttemptNotCounted: (_COUNT_FAILURE, _FORGET_FAILURE),
    AttemptTakenBack: (_FORGET_FAILURE, _TAKE_BACK),
    Claimed: (_FORGET_FAILURE, _CLAIM),
    Redeemed: (_REDEEM, _REGISTER, _NOTE_REGISTRATION, REVOKE_OTHERS),
}


class RedemptionRow(Struct, frozen=True):
    """The keys of an invitation; for a secret that no invitation has, those of no patient."""

    code_digest: bytes
    patient_id: UUID


class RedemptionChanges:
    """Stores decisions in the transaction that made them."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._changes = {kind: [*map(database.prepare, each)] for kind, each in _STATEMENTS.items()}
        self._event = database.prepare(INSERT_AUDIT_EVENT)
        # no row is changed twice, so PostgreSQL can take them in one statement, which saves round trips
        self._with_event: Mapping[type[InvitationChange], Prepared] = {
            kind: database.prepare(INSERT_AUDIT_EVENT, *_STATEMENTS[kind])
            for kind in (AttemptTakenBack, Claimed, Redeemed)
        }

    async def store(
        self, execute: Execute, row: RedemptionRow, found: InvitationToRedeem | None, decision: Decision
    ) -> None:
        """Store a decision; of an invitation that does not exist, nothing is left."""
        change, event = decision.change, decision.event
        values = {} if change is None else _values(row, found, change)
        if event is not None:
            values |= audit_event_values(event)
            if change is not None and type(change) in self._with_event:
                await execute(self._with_event[type(change)], values)
                return
        for statement in () if change is None else self._changes[type(change)]:
            await execute(statement, values)
        if event is not None:
            await execute(self._event, values)


def _values(row: RedemptionRow, found: InvitationToRedeem | None, change: InvitationChange) -> dict[str, Any]:
    keys = {"this_code": row.code_digest, "this_patient": row.patient_id}
    match change:
        case AttemptCounted(at) | AttemptNotCounted(at) | AttemptTakenBack(at):
            return {**keys, "at": at}
        case Claimed(at, client_id, digest, claimed_at, expires_at):
            of_claim = {
                "of_claim": digest,
                "by_client": client_id,
                "at_claim": claimed_at,
                "until": expires_at,
            }
            return {**keys, "at": at, **of_claim}
        case Redeemed(at, client_id):
            organisation = found and found.organisation_id.value
            return {**keys, "at": at, "by_client": client_id, "organisation": organisation}
        case _:
            assert_never(change)
