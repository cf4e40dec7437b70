"""Revokes open invitations: for commands, and for callers with the audit event of their call."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, Uuid, and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.audit import INSERT_AUDIT_EVENT, audit_event_values
from adapters.sql.bulk_parameters import ArrayBatch, BatchColumn, JsonBatch
from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime, audit_event, invitation, remembered_request
from application.ports.invitations import InvitationRevocations, Revocation, RevokedInvitations
from domain.audit import AuditEvent
from domain.invitations import RevocationReason
from domain.organisations import OrganisationId
from domain.patients import PatientId

_MOMENT = bindparam("moment", type_=UtcDateTime)
_BATCH = bindparam("batch", type_=Uuid)
_ORGANISATION = bindparam("organisation", type_=Uuid)
_AT_ORGANISATION = invitation.c.organisation_id == _ORGANISATION

# PostgreSQL checks it again once a claim or a confirmation that holds the row has ended
IS_OPEN = and_(
    invitation.c.redeemed_at.is_(None),
    invitation.c.revoked_at.is_(None),
    or_(invitation.c.expires_at > _MOMENT, invitation.c.claim_expires_at > _MOMENT),
)
"""Whether an invitation can still be claimed or confirmed at a moment."""

_REVOKE = (
    update(invitation)
    .where(IS_OPEN)
    .values(revoked_at=_MOMENT, revoked_reason=bindparam("reason", type_=Text))
)

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
    .values(revoked_at=_MOMENT)
)


def _patients(database: Database) -> ArrayBatch | JsonBatch:
    return database.batch(BatchColumn("patient_id", Uuid()))


class OpenInvitations:
    """The invitations of patients that can still be claimed or confirmed, within a command's transaction."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._patients = _patients(database)
        self._revoke = _REVOKE.where(invitation.c.patient_id.in_(select(self._patients.rows.c.patient_id)))
        self._revoke_at_organisation = self._revoke.where(_AT_ORGANISATION)

    async def revoke(
        self,
        connection: AsyncConnection,
        patients: Sequence[PatientId],
        organisation_id: OrganisationId | None,
        reason: RevocationReason,
        moment: datetime,
    ) -> None:
        """Revoke those of the patients at an organisation, or at all if it is None."""
        parameters = {
            **self._patients.parameters([(each,) for each in patients]),
            "moment": moment,
            "reason": reason.value,
        }
        if organisation_id is None:
            await connection.execute(self._revoke, parameters)
        else:
            parameters["organisation"] = organisation_id.value
            await connection.execute(self._revoke_at_organisation, parameters)


class SqlInvitationRevocations(InvitationRevocations):
    """Revokes any number of invitations by one statement, and reads which were redeemed after it."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database
        self._patients = _patients(database)
        asked = and_(_AT_ORGANISATION, invitation.c.patient_id.in_(select(self._patients.rows.c.patient_id)))
        in_batch = invitation.c.request_id == _BATCH
        revoke = _REVOKE.where(asked).returning(invitation.c.patient_id)
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
            "organisation": revocation.organisation_id.value,
            "batch": revocation.batch,
            "moment": revocation.revoked_at,
            "reason": revocation.reason.value,
        }
