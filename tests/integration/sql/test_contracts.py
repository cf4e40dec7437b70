"""Every SQL adapter fulfils the contract of its port, by statements that Citus plans."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from tests.contracts.audit_repository_contract import AuditRepositoryContract
from tests.contracts.care_repository_contract import CareRepositoryContract
from tests.contracts.command_event_repository_contract import CommandEventRepositoryContract
from tests.contracts.expired_invitations_contract import ExpiredInvitationsContract
from tests.contracts.grant_repository_contract import GrantRepositoryContract
from tests.contracts.idempotency_repository_contract import IdempotencyRepositoryContract
from tests.contracts.invitation_batches_contract import InvitationBatchesContract
from tests.contracts.invitation_counts_contract import InvitationCountsContract
from tests.contracts.invitation_repository_contract import InvitationRepositoryContract
from tests.contracts.invitation_revocations_contract import InvitationRevocationsContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.organisation_repository_contract import OrganisationRepositoryContract
from tests.contracts.organisation_states_contract import OrganisationStatesContract
from tests.contracts.patient_identifiers_contract import PatientIdentifiersContract
from tests.contracts.patient_invitations_contract import PatientInvitationsContract
from tests.contracts.patient_record_repository_contract import PatientRecordRepositoryContract
from tests.contracts.patient_report_repository_contract import PatientReportRepositoryContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.contracts.redemption_grants_contract import RedemptionGrantsContract
from tests.contracts.redemption_repository_contract import RedemptionRepositoryContract
from tests.integration.sql.citus_planner import problems
from tests.integration.sql.statements import recorded_statements


@pytest.fixture(autouse=True)
async def _citus_plans_every_statement(url: str) -> AsyncIterator[None]:
    if make_url(url).get_backend_name() == "sqlite":
        yield
        return
    async with recorded_statements() as statements:
        yield
    assert {each: problems(each) for each in statements if problems(each)} == {}


class TestSqlAuditTrail(AuditRepositoryContract):
    pass


class TestSqlExpiredInvitations(ExpiredInvitationsContract):
    pass


class TestSqlGrants(GrantRepositoryContract):
    pass


class TestSqlGrantsAsOrganisationGrants(OrganisationGrantsContract):
    pass


class TestSqlInvitationStore(InvitationRepositoryContract):
    pass


class TestSqlOrganisationRegister(OrganisationRepositoryContract):
    pass


class TestSqlPatientRegister(PatientReportRepositoryContract):
    pass


class TestSqlPatientRepository(PatientRepositoryContract):
    pass


class TestSqlRememberedRequests(IdempotencyRepositoryContract):
    pass


class TestSqlInvitationBatches(InvitationBatchesContract):
    pass


class TestSqlInvitationRevocations(InvitationRevocationsContract):
    pass


class TestSqlOrganisationStates(OrganisationStatesContract):
    pass


class TestSqlPatientIdentifiers(PatientIdentifiersContract):
    pass


class TestSqlPatientInvitations(PatientInvitationsContract):
    pass


class TestSqlInvitationCounts(InvitationCountsContract):
    pass


class TestSqlRedemptionGrants(RedemptionGrantsContract):
    pass


class TestSqlRedemptions(RedemptionRepositoryContract):
    pass


class TestSqlCare(CareRepositoryContract):
    pass


class TestSqlCommandEvents(CommandEventRepositoryContract):
    pass


class TestSqlPatientRecords(PatientRecordRepositoryContract):
    pass
