"""Every SQL adapter keeps the contract of its port."""

from tests.contracts.audit_events_contract import AuditEventsContract
from tests.contracts.audit_trail_contract import AuditTrailContract
from tests.contracts.expired_invitations_contract import ExpiredInvitationsContract
from tests.contracts.grant_register_contract import GrantRegisterContract
from tests.contracts.invitation_store_contract import InvitationStoreContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.organisation_register_contract import OrganisationRegisterContract
from tests.contracts.patient_register_contract import PatientRegisterContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.contracts.remembered_requests_contract import RememberedRequestsContract


class TestSqlAuditEvents(AuditEventsContract):
    pass


class TestSqlAuditTrail(AuditTrailContract):
    pass


class TestSqlExpiredInvitations(ExpiredInvitationsContract):
    pass


class TestSqlGrants(GrantRegisterContract):
    pass


class TestSqlGrantsAsOrganisationGrants(OrganisationGrantsContract):
    pass


class TestSqlInvitationStore(InvitationStoreContract):
    pass


class TestSqlOrganisationRegister(OrganisationRegisterContract):
    pass


class TestSqlPatientRegister(PatientRegisterContract):
    pass


class TestSqlPatientRepository(PatientRepositoryContract):
    pass


class TestSqlRememberedRequests(RememberedRequestsContract):
    pass
