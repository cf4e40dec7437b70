"""Finds batches, their patients, and the invitations of patients."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from adapters.sql.bulk_parameters import BatchColumn
from adapters.sql.database import Database
from adapters.sql.tables import audit_event, invitation, patient_identifier
from application.ports.invitations import InvitationBatches, PatientInvitations
from application.ports.patients import PatientIdentifiers
from domain.access import Operation
from domain.audit import Outcome
from domain.identifiers import IdentifierSystem, PatientIdentifier
from domain.invitations import InvitationLife, PatientInvitation, RequestId
from domain.organisations import OrganisationId
from domain.patients import PatientId

# the invitations have no index by request, which each of them would pay for when it is issued
_BATCH = select(audit_event.c.patients).where(
    audit_event.c.request_id == bindparam("batch", type_=Uuid),
    audit_event.c.organisation_id == bindparam("organisation_id", type_=Uuid),
    audit_event.c.operation == Operation.GENERATE_INVITATION_TOKENS.value,
    audit_event.c.outcome == Outcome.CARRIED_OUT.value,
)


class SqlInvitationBatches(InvitationBatches):
    """Reads batches from the audit event of the request that issued them."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._database = database

    async def patients(self, organisation_id: OrganisationId, batch: RequestId) -> Sequence[PatientId] | None:
        """Return who was invited in a batch of the organisation; None if it has no such batch."""
        values = {"batch": batch, "organisation_id": organisation_id.value}
        result = await self._database.read(lambda connection: connection.scalars(_BATCH, values))
        patients = result.one_or_none()
        return None if patients is None else [PatientId(UUID(each)) for each in patients.get("issued", ())]


class SqlPatientIdentifiers(PatientIdentifiers):
    """Reads the identifiers of any number of patients by one statement."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._ids = database.batch(BatchColumn("patient_id", Uuid()))
        ids = self._ids.rows.c
        identifier = patient_identifier.c
        self._find = database.reading(
            select(ids.position, identifier.system, identifier.value)
            .select_from(self._ids.rows)
            .join(patient_identifier, identifier.patient_id == ids.patient_id)
        )

    async def find(self, patient_ids: Sequence[PatientId]) -> Sequence[PatientIdentifier]:
        """Return all identifiers of these patients."""
        rows = await self._find(self._ids.parameters([(each,) for each in patient_ids]))
        systems = {system.value: order for order, system in enumerate(IdentifierSystem)}
        ordered = sorted((position, systems[system], system, value) for position, system, value in rows)
        return [PatientIdentifier(IdentifierSystem(system), value) for *_order, system, value in ordered]


LIFE = (
    invitation.c.issued_at,
    invitation.c.expires_at,
    invitation.c.redeemed_at,
    invitation.c.revoked_at,
    invitation.c.failed_attempts,
    invitation.c.claim_expires_at,
)
"""The columns of an `InvitationLife`, in its order."""


class SqlPatientInvitations(PatientInvitations):
    """Reads the invitations of any number of patients by one statement."""

    def __init__(self, database: Database) -> None:
        """Use the tables of a database."""
        self._ids = database.batch(BatchColumn("patient_id", Uuid()))
        self._find = database.reading(
            select(invitation.c.code_digest, invitation.c.patient_id, invitation.c.request_id, *LIFE)
            .select_from(self._ids.rows)
            .join(invitation, invitation.c.patient_id == self._ids.rows.c.patient_id)
            .where(invitation.c.organisation_id == bindparam("organisation_id", type_=Uuid))
        )

    async def find(
        self, organisation_id: OrganisationId, patient_ids: Sequence[PatientId]
    ) -> Mapping[PatientId, Sequence[PatientInvitation]]:
        """Return the organisation's invitations of each patient that has one, in the order of their issue."""
        ids = self._ids.parameters([(each,) for each in patient_ids])
        rows = await self._find({"organisation_id": organisation_id.value, **ids})
        found: dict[PatientId, list[PatientInvitation]] = {}
        # those of one moment in any order, which stays the same
        for _code, patient_id, batch, *life in sorted(rows, key=lambda row: (row[3], row[0])):
            invitations = found.setdefault(PatientId(patient_id), [])
            invitations.append(PatientInvitation(RequestId(batch), InvitationLife(*life)))
        return found
