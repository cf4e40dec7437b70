"""The fakes, under the fixture names of the contracts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest
from returns.result import Failure, Success

from application.ports.access import AccessTokenExpired, AuthorisationServer
from domain.access import Caller
from domain.identifiers import PatientIdentifier
from domain.invitations import InvitationLife, RequestId
from domain.organisations import OrganisationId
from tests.builders import CLIENT, NOW, TODAY, an_identifier, an_invitation
from tests.contracts.answer_repository_contract import Names, Opened, Told
from tests.contracts.invitation_lives import Lived
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.answer_repository import InMemoryLedger, Kept
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.authorisation_server import FixedAuthorisationServer
from tests.fakes.care_repository import InMemoryCareRepository
from tests.fakes.clock import FixedClock
from tests.fakes.command_event_repository import InMemoryCommandEventRepository
from tests.fakes.expired_invitations import InMemoryExpiredInvitations
from tests.fakes.grant_repository import InMemoryGrants, InMemoryRedemptionGrants
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_counts import InMemoryInvitationCounts
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.letter_printer import KeptLetters
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_identifiers import InMemoryPatientIdentifiers
from tests.fakes.patient_ids import SequentialPatientIds
from tests.fakes.patient_invitations import InMemoryPatientInvitations
from tests.fakes.patient_record_repository import InMemoryPatientRecordRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.pauses import NotedPauses
from tests.fakes.rate_limits import CountedRateLimits
from tests.fakes.readiness_check import FixedReadiness
from tests.fakes.redemption_repository import InMemoryRedemptions
from tests.fakes.redemption_secrets import HashingRedemptionSecrets
from tests.fakes.remote_operation import ScriptedService
from tests.fakes.request_fingerprints import HashingRequestFingerprints
from tests.fakes.request_ids import SequentialRequestIds
from tests.fakes.token_generator import HashingTokenGenerator
from tests.fakes.unavailable import OutOfOrder


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW, TODAY)


@pytest.fixture
def request_ids() -> SequentialRequestIds:
    return SequentialRequestIds()


@pytest.fixture
def patient_ids() -> SequentialPatientIds:
    return SequentialPatientIds()


@pytest.fixture
def token_generator() -> HashingTokenGenerator:
    return HashingTokenGenerator()


@pytest.fixture
def token_generator_after_rotation() -> HashingTokenGenerator:
    return HashingTokenGenerator(keys=("new", "fake"))


@pytest.fixture
def token_generator_of_another_key() -> HashingTokenGenerator:
    return HashingTokenGenerator(keys=("new",))


@pytest.fixture
def redemption_secrets() -> HashingRedemptionSecrets:
    return HashingRedemptionSecrets()


@pytest.fixture
def redemption_secrets_after_rotation() -> HashingRedemptionSecrets:
    return HashingRedemptionSecrets(("new", "fake"))


@pytest.fixture
def fingerprints() -> HashingRequestFingerprints:
    return HashingRequestFingerprints()


@pytest.fixture
def fingerprints_after_rotation() -> HashingRequestFingerprints:
    return HashingRequestFingerprints(("new", "fake"))


@pytest.fixture
def fingerprints_of_another_key() -> HashingRequestFingerprints:
    return HashingRequestFingerprints(("new",))


@pytest.fixture
def ready() -> FixedReadiness:
    return FixedReadiness()


@pytest.fixture
def unready() -> FixedReadiness:
    return FixedReadiness("the database is not there")


@pytest.fixture
def token_endpoint() -> str:
    return "https://login.test.invalid/token"


@pytest.fixture
def described(token_endpoint: str) -> FixedAuthorisationServer:
    return FixedAuthorisationServer(AuthorisationServer(token_endpoint=token_endpoint))


@pytest.fixture
def undescribed() -> FixedAuthorisationServer:
    return FixedAuthorisationServer()


@pytest.fixture
def unreachable() -> FixedAuthorisationServer:
    away = FixedAuthorisationServer()
    away.is_away = True
    return away


@pytest.fixture
def organisation_repository() -> InMemoryOrganisations:
    return InMemoryOrganisations()


@pytest.fixture
def name_of(organisation_repository: InMemoryOrganisations) -> Callable[[OrganisationId], Awaitable[str]]:
    async def read(organisation_id: OrganisationId) -> str:
        return organisation_repository.organisations[organisation_id].name

    return read


@pytest.fixture
def grant_repository(organisation_repository: InMemoryOrganisations) -> InMemoryGrants:
    return InMemoryGrants(organisations=organisation_repository)


@pytest.fixture
def organisation_grants(grant_repository: InMemoryGrants) -> InMemoryGrants:
    return grant_repository


@pytest.fixture
def redemption_grant_repository() -> InMemoryRedemptionGrants:
    return InMemoryRedemptionGrants()


@pytest.fixture
def redemption_grants(redemption_grant_repository: InMemoryRedemptionGrants) -> InMemoryRedemptionGrants:
    return redemption_grant_repository


@pytest.fixture
def patient_report_repository() -> InMemoryPatientReportRepository:
    return InMemoryPatientReportRepository()


@pytest.fixture
def patient_repository(
    patient_report_repository: InMemoryPatientReportRepository,
) -> InMemoryPatientRepository:
    return InMemoryPatientRepository(patient_report_repository)


@pytest.fixture
def patient_repository_without_source() -> OutOfOrder:
    return OutOfOrder()


@pytest.fixture
def invitation_repository(audit_repository: InMemoryAuditRepository) -> InMemoryInvitationRepository:
    return InMemoryInvitationRepository(audit_repository)


@pytest.fixture
def lived(invitation_repository: InMemoryInvitationRepository) -> Lived:
    async def write(code: str, life: InvitationLife) -> None:
        invitation_repository.lives[an_invitation(code).code_digest] = life

    return write


@pytest.fixture
def patient_invitations(
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryPatientInvitations:
    return InMemoryPatientInvitations(invitation_repository)


@pytest.fixture
def invitation_counts(invitation_repository: InMemoryInvitationRepository) -> InMemoryInvitationCounts:
    return InMemoryInvitationCounts(invitation_repository)


@pytest.fixture
def invitation_batches(patient_invitations: InMemoryPatientInvitations) -> InMemoryPatientInvitations:
    return patient_invitations


@pytest.fixture
def invitation_revocations(patient_invitations: InMemoryPatientInvitations) -> InMemoryPatientInvitations:
    return patient_invitations


@pytest.fixture
def patient_identifiers(
    patient_report_repository: InMemoryPatientReportRepository,
) -> InMemoryPatientIdentifiers:
    return InMemoryPatientIdentifiers(patient_report_repository)


@pytest.fixture
def redemption_repository(
    invitation_repository: InMemoryInvitationRepository,
    patient_report_repository: InMemoryPatientReportRepository,
) -> InMemoryRedemptions:
    return InMemoryRedemptions(invitation_repository, patient_report_repository)


@pytest.fixture
def care_repository(
    patient_report_repository: InMemoryPatientReportRepository,
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryCareRepository:
    return InMemoryCareRepository(patient_report_repository, invitation_repository)


@pytest.fixture
def patient_record_repository(
    patient_report_repository: InMemoryPatientReportRepository,
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryPatientRecordRepository:
    return InMemoryPatientRecordRepository(patient_report_repository, invitation_repository)


@pytest.fixture
def command_event_repository() -> InMemoryCommandEventRepository:
    return InMemoryCommandEventRepository()


@pytest.fixture
def stored(
    invitation_repository: InMemoryInvitationRepository,
) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
    async def read() -> tuple[set[bytes], list[RequestId]]:
        digests = {invitation.code_digest for invitation in invitation_repository.invitations}
        return digests, [event.request_id for event in invitation_repository.events]

    return read


@pytest.fixture
def failed_claims(redemption_repository: InMemoryRedemptions) -> InMemoryRedemptions:
    return redemption_repository


@pytest.fixture
def idempotency_repository(
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryIdempotencyRepository:
    return InMemoryIdempotencyRepository(invitation_repository)


@pytest.fixture
def audit_repository() -> InMemoryAuditRepository:
    return InMemoryAuditRepository()


@pytest.fixture
def recorded(
    audit_repository: InMemoryAuditRepository,
) -> Callable[[], Awaitable[list[tuple[RequestId, str, OrganisationId | None]]]]:
    async def read() -> list[tuple[RequestId, str, OrganisationId | None]]:
        return [(event.request_id, event.outcome, event.organisation_id) for event in audit_repository.events]

    return read


@pytest.fixture
def rate_limits() -> CountedRateLimits:
    return CountedRateLimits(10)


@pytest.fixture
def wait(rate_limits: CountedRateLimits) -> Callable[[int], None]:
    return lambda _seconds: rate_limits.renew()


@pytest.fixture
def expired_invitations(invitation_repository: InMemoryInvitationRepository) -> InMemoryExpiredInvitations:
    return InMemoryExpiredInvitations(invitation_repository)


@pytest.fixture
def presented() -> Mapping[str, str]:
    return {name: name for name in ("genuine", "expired", "not-ours", "malformed")}


@pytest.fixture
def verifier() -> KnownAccessTokens:
    genuine = Caller(CLIENT, frozenset({"one", "two"}))
    return KnownAccessTokens({"genuine": Success(genuine), "expired": Failure(AccessTokenExpired())})


@pytest.fixture
def kept() -> Kept[Told]:
    return Kept()


@pytest.fixture
def reopened(kept: Kept[Told]) -> Opened:
    return lambda: InMemoryLedger(kept)


@pytest.fixture
def names(kept: Kept[Told]) -> Names:
    return lambda: ([each.value for each, _ in kept.told], [each.value for each, _ in kept.omitted])


@pytest.fixture
def pauses() -> NotedPauses:
    return NotedPauses()


@pytest.fixture
def eligible() -> PatientIdentifier:
    return an_identifier(1)


@pytest.fixture
def left_out() -> PatientIdentifier:
    return an_identifier(2)


@pytest.fixture
def remote_operation(left_out: PatientIdentifier) -> ScriptedService:
    service = ScriptedService()
    service.left_out[left_out] = "deceased"
    return service


@pytest.fixture
def printer() -> KeptLetters:
    return KeptLetters()


@pytest.fixture
def printed_names(printer: KeptLetters) -> Callable[[], Sequence[str]]:
    return lambda: [letter.name for letter in printer.letters]
