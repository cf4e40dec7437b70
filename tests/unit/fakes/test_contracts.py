"""Every fake fulfils the contract of its port, like the adapter that it replaces."""

from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.contracts.answer_repository_contract import AnswerRepositoryContract
from tests.contracts.audit_repository_contract import AuditRepositoryContract
from tests.contracts.authorisation_server_contract import AuthorisationServerContract
from tests.contracts.care_repository_contract import CareRepositoryContract
from tests.contracts.clock_contract import ClockContract
from tests.contracts.command_event_repository_contract import CommandEventRepositoryContract
from tests.contracts.expired_invitations_contract import ExpiredInvitationsContract
from tests.contracts.grant_repository_contract import GrantRepositoryContract
from tests.contracts.idempotency_repository_contract import IdempotencyRepositoryContract
from tests.contracts.invitation_batches_contract import InvitationBatchesContract
from tests.contracts.invitation_counts_contract import InvitationCountsContract
from tests.contracts.invitation_repository_contract import InvitationRepositoryContract
from tests.contracts.invitation_revocations_contract import InvitationRevocationsContract
from tests.contracts.letter_printer_contract import LetterPrinterContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.organisation_repository_contract import OrganisationRepositoryContract
from tests.contracts.organisation_states_contract import OrganisationStatesContract
from tests.contracts.patient_identifiers_contract import PatientIdentifiersContract
from tests.contracts.patient_ids_contract import PatientIdsContract
from tests.contracts.patient_invitations_contract import PatientInvitationsContract
from tests.contracts.patient_record_repository_contract import PatientRecordRepositoryContract
from tests.contracts.patient_report_repository_contract import PatientReportRepositoryContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.contracts.pauses_contract import PausesContract
from tests.contracts.rate_limits_contract import RateLimitsContract
from tests.contracts.readiness_check_contract import ReadinessCheckContract
from tests.contracts.redemption_grants_contract import RedemptionGrantsContract
from tests.contracts.redemption_repository_contract import RedemptionRepositoryContract
from tests.contracts.redemption_secrets_contract import RedemptionSecretsContract
from tests.contracts.remote_operation_contract import RemoteOperationContract
from tests.contracts.request_fingerprints_contract import RequestFingerprintsContract
from tests.contracts.request_ids_contract import RequestIdsContract
from tests.contracts.token_generator_contract import TokenGeneratorContract


class TestInMemoryAuditTrail(AuditRepositoryContract):
    pass


class TestFixedAuthorisationServer(AuthorisationServerContract):
    pass


class TestCountedAllowances(RateLimitsContract):
    pass


class TestFixedClock(ClockContract):
    pass


class TestInMemoryExpiredInvitations(ExpiredInvitationsContract):
    pass


class TestInMemoryGrants(GrantRepositoryContract):
    pass


class TestInMemoryGrantsAsOrganisationGrants(OrganisationGrantsContract):
    pass


class TestInMemoryRedemptionGrants(RedemptionGrantsContract):
    pass


class TestInMemoryInvitationStore(InvitationRepositoryContract):
    pass


class TestInMemoryOrganisations(OrganisationRepositoryContract):
    pass


class TestInMemoryPatientRegister(PatientReportRepositoryContract):
    pass


class TestInMemoryPatientRepository(PatientRepositoryContract):
    pass


class TestInMemoryRememberedRequests(IdempotencyRepositoryContract):
    pass


class TestInMemoryRedemptions(RedemptionRepositoryContract):
    pass


class TestHashingRedemptionSecrets(RedemptionSecretsContract):
    pass


class TestHashingRequestFingerprints(RequestFingerprintsContract):
    pass


class TestSequentialPatientIds(PatientIdsContract):
    pass


class TestSequentialRequestIds(RequestIdsContract):
    pass


class TestFixedReadiness(ReadinessCheckContract):
    pass


class TestHashingTokenGenerator(TokenGeneratorContract):
    pass


class TestKnownAccessTokens(AccessTokenVerifierContract):
    pass


class TestInMemoryLedger(AnswerRepositoryContract):
    pass


class TestNotedPauses(PausesContract):
    pass


class TestScriptedService(RemoteOperationContract):
    pass


class TestKeptLetters(LetterPrinterContract):
    pass


class TestInMemoryInvitationBatches(InvitationBatchesContract):
    pass


class TestInMemoryInvitationRevocations(InvitationRevocationsContract):
    pass


class TestInMemoryOrganisationStates(OrganisationStatesContract):
    pass


class TestInMemoryPatientIdentifiers(PatientIdentifiersContract):
    pass


class TestInMemoryPatientInvitations(PatientInvitationsContract):
    pass


class TestInMemoryInvitationCounts(InvitationCountsContract):
    pass


class TestInMemoryCare(CareRepositoryContract):
    pass


class TestInMemoryCommandEvents(CommandEventRepositoryContract):
    pass


class TestInMemoryPatientRecords(PatientRecordRepositoryContract):
    pass
