"""The use cases on issued invitations, with fakes and a hospital's patients."""

from datetime import datetime, timedelta

from msgspec import structs

from application.find_invited import FindInvited
from application.find_patients import FindPatients
from application.ports.audit import AuditRepository
from application.query_invitation_status import QueryInvitationStatus
from application.revoke_invitations import RevokeInvitations
from domain.access import AuthorisedCaller, Operation
from domain.invitations import InvitationLife
from domain.organisations import OrganisationId
from tests.builders import (
    CHI,
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    TODAY,
    a_report,
    an_authorised_caller,
    an_identifier,
    an_invitation,
    reported,
)
from tests.contracts.invitation_lives import code_of, issue
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_identifiers import InMemoryPatientIdentifiers
from tests.fakes.patient_invitations import InMemoryPatientInvitations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.rate_limits import CountedRateLimits
from tests.unit.application.call_record import a_call_record, a_charge

FIRST, SECOND, THIRD, ELSEWHERE, UNKNOWN = range(1, 6)
"""The patients, by the number of their identifiers: the hospital has no care relationship with the fourth."""

LATER = NOW + timedelta(days=1)


class IssuedInvitations:
    """A day after it invited patients, the hospital asks for them and revokes."""

    def __init__(
        self, *, allowances: CountedRateLimits | None = None, trail: AuditRepository | None = None
    ) -> None:
        self.trail = InMemoryAuditRepository()
        self.store = InMemoryInvitationRepository(InMemoryAuditRepository())
        self.register = InMemoryPatientReportRepository()
        clock = FixedClock(LATER, TODAY)
        record = a_call_record(trail or self.trail, clock)
        charge = a_charge(record, allowances)
        invitations = InMemoryPatientInvitations(self.store)
        find = FindInvited(
            FindPatients(InMemoryPatientRepository(self.register), charge, record),
            invitations,
            InMemoryPatientIdentifiers(self.register),
            charge,
            record,
        )
        self.query = QueryInvitationStatus(find, invitations, record, clock)
        self.revoke = RevokeInvitations(find, invitations, record)

    async def know_everybody(self) -> None:
        mine = [
            a_report(an_identifier(FIRST, NHS), an_identifier(FIRST, CHI)),
            a_report(an_identifier(SECOND)),
            a_report(an_identifier(THIRD)),
        ]
        await reported(self.register, *mine)
        others = [*mine, a_report(an_identifier(ELSEWHERE))]
        await reported(self.register, *others, organisation_id=OTHER_HOSPITAL)

    async def issue(self, batch: int, *patients: int, organisation_id: OrganisationId = HOSPITAL) -> None:
        await issue(self.store, batch, *patients, organisation_id=organisation_id)

    def lived(self, batch: int, patient: int, **changes: object) -> None:
        """Change the life of the invitation of a patient in a batch."""
        life = structs.replace(InvitationLife(NOW, EXPIRY), **changes)
        self.store.lives[an_invitation(code_of(batch, patient)).code_digest] = life

    def revoked_at(self, batch: int, patient: int) -> datetime | None:
        life = self.store.lives.get(an_invitation(code_of(batch, patient)).code_digest)
        return None if life is None else life.revoked_at


def a_caller(operation: Operation) -> AuthorisedCaller:
    return an_authorised_caller(operation=operation)


async def issued_invitations(
    *, allowances: CountedRateLimits | None = None, trail: AuditRepository | None = None
) -> IssuedInvitations:
    issued = IssuedInvitations(allowances=allowances, trail=trail)
    await issued.know_everybody()
    return issued
