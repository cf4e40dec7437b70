"""Revokes invitations, and stores the audit event of the call that asked for it."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Text, Uuid, and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.audit import INSERT_AUDIT_EVENT, audit_event_values
from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime, audit_event, invitation, remembered_request
from application.ports.invitations import InvitationRevocations, Revocation, RevokedInvitations
from domain.audit import AuditEvent
from domain.patients import PatientId

_NOW = bindparam("now", type_=UtcDateTime)
_BATCH = bindparam("batch", type_=Uuid)
_ORGANISATION = bindparam("at_organisation", type_=Uuid)

# PostgreSQL checks it again once a claim or a confirmation that holds the row has ended
IS_OPEN = and_(
    invitation.c.redeemed_at.is_(None),
    invitation.c.revoked_at.is_(None),
    or_(invitation.c.expires_at > _NOW, invitation.c.claim_expires_at > _NOW),
)
"""Whether an invitation can still be claimed or confirmed at the moment `now`."""

# found by the client of the batch, which begins the key of the table
_KEEP_FROM_REPLAY = (
    update(remembered_request)
    .where(
        remembered_request.c.client_id
        == select(audit_event.c.client_id).where(audit_event.c.request_id == _BATCH).scalar_subquery(),
        remembered_request.c.organisation_id == _ORGANISATION,
        remembered_request.c.request_id == _BATCH,
        remembered_request.c.revoked_at.is_(None),
    )
    .values(revoked_at=_NOW)
)


class SqlInvitationRevocations(InvitationRevocations):
    """Revokes any number of invitations by one statement, and reads which were redeemed after it."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._patients = database.batch(BatchColumn("patient_id", Uuid()))
        asked = and_(
            invitation.c.organisation_id == _ORGANISATION,
            invitation.c.patient_id.in_(select(self._patients.rows.c.patient_id)),
        )
        in_batch = invitation.c.request_id == _BATCH
        revoke = (
            update(invitation)
            .where(asked, IS_OPEN)
            .values(revoked_at=_NOW, revoked_reason=bindparam("why", type_=Text))
            .returning(invitation.c.patient_id)
        )
        redeemed = select(invitation.c.patient_id).where(asked, invitation.c.redeemed_at.is_not(None))
        self._of_patients = (revoke, redeemed)
        self._of_batch = (revoke.where(in_batch), redeemed.where(in_batch))

    async def revoke(
        self, revocation: Revocation, event_of: Callable[[RevokedInvitations], AuditEvent]
    ) -> RevokedInvitations:
        """Revoke the invitations that can still be claimed or confirmed, and store the audit event."""
        revoke, redeemed = self._of_patients if revocation.batch is None else self._of_batch
        values = self._values(revocation)

        async def work(connection: AsyncConnection) -> RevokedInvitations:
            revoked = [PatientId(each) for each in await connection.scalars(revoke, values)]
            spent = [PatientId(each) for each in await connection.scalars(redeemed, values)]
            if revocation.batch is not None:
                await connection.execute(_KEEP_FROM_REPLAY, values)
            done = RevokedInvitations(len(revoked), tuple(dict.fromkeys(revoked)), frozenset(spent))
            await connection.execute(INSERT_AUDIT_EVENT, audit_event_values(event_of(done)))
            return done

        return await self._database.write(work)

    def _values(self, revocation: Revocation) -> Mapping[str, Any]:
        return {
            **self._patients.parameters([(each,) for each in revocation.patient_ids]),
            "at_organisation": revocation.organisation_id.value,
            "batch": revocation.batch,
            "now": revocation.revoked_at,
            "why": revocation.reason.value,
        }
