"""Every fake keeps the contract of its port, as the adapter does that it stands in for."""

from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.contracts.answer_ledger_contract import AnswerLedgerContract
from tests.contracts.audit_events_contract import AuditEventsContract
from tests.contracts.audit_trail_contract import AuditTrailContract
from tests.contracts.authorisation_server_contract import AuthorisationServerContract
from tests.contracts.call_allowances_contract import CallAllowancesContract
from tests.contracts.clock_contract import ClockContract
from tests.contracts.expired_invitations_contract import ExpiredInvitationsContract
from tests.contracts.grant_register_contract import GrantRegisterContract
from tests.contracts.invitation_store_contract import InvitationStoreContract
from tests.contracts.letter_printer_contract import LetterPrinterContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.organisation_register_contract import OrganisationRegisterContract
from tests.contracts.patient_ids_contract import PatientIdsContract
from tests.contracts.patient_register_contract import PatientRegisterContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.contracts.pauses_contract import PausesContract
from tests.contracts.readiness_check_contract import ReadinessCheckContract
from tests.contracts.remembered_requests_contract import RememberedRequestsContract
from tests.contracts.remote_operation_contract import RemoteOperationContract
from tests.contracts.request_fingerprints_contract import RequestFingerprintsContract
from tests.contracts.request_ids_contract import RequestIdsContract
from tests.contracts.token_generator_contract import TokenGeneratorContract


class TestInMemoryAuditEvents(AuditEventsContract):
    pass


class TestInMemoryAuditTrail(AuditTrailContract):
    pass


class TestFixedAuthorisationServer(AuthorisationServerContract):
    pass


class TestCountedAllowances(CallAllowancesContract):
    pass


class TestFixedClock(ClockContract):
    pass


class TestInMemoryExpiredInvitations(ExpiredInvitationsContract):
    pass


class TestInMemoryGrants(GrantRegisterContract):
    pass


class TestInMemoryGrantsAsOrganisationGrants(OrganisationGrantsContract):
    pass


class TestInMemoryInvitationStore(InvitationStoreContract):
    pass


class TestInMemoryOrganisations(OrganisationRegisterContract):
    pass


class TestInMemoryPatientRegister(PatientRegisterContract):
    pass


class TestInMemoryPatientRepository(PatientRepositoryContract):
    pass


class TestInMemoryRememberedRequests(RememberedRequestsContract):
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


class TestInMemoryLedger(AnswerLedgerContract):
    pass


class TestNotedPauses(PausesContract):
    pass


class TestScriptedService(RemoteOperationContract):
    pass


class TestKeptLetters(LetterPrinterContract):
    pass
