"""Revokes the open invitations of patients."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Uuid, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import UtcDateTime, invitation
from domain.invitations import RevocationReason
from domain.organisations import OrganisationId
from domain.patients import PatientId


class OpenInvitations:
    """The invitations that are neither redeemed nor revoked nor expired, or that are claimed."""

    def __init__(self, database: Database) -> None:
        """Use the table of a database."""
        self._patients = database.batch(BatchColumn("patient_id", Uuid()))
        moment = bindparam("moment", type_=UtcDateTime)
        self._revoke = (
            update(invitation)
            .where(
                invitation.c.patient_id.in_(select(self._patients.rows.c.patient_id)),
                invitation.c.redeemed_at.is_(None),
                invitation.c.revoked_at.is_(None),
                or_(invitation.c.expires_at > moment, invitation.c.claim_expires_at > moment),
            )
            .values(revoked_at=moment, revoked_reason=bindparam("reason"))
        )
        self._revoke_of_organisation = self._revoke.where(
            invitation.c.organisation_id == bindparam("organisation", type_=Uuid)
        )

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
            await connection.execute(self._revoke_of_organisation, parameters)
