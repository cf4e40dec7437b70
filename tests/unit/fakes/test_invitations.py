"""The fakes of invitations, their redemption and their end fulfil the contracts of their ports."""

import pytest

from domain.invitations import InvitationLife
from tests.builders import an_invitation
from tests.contracts.expired_invitations_contract import ExpiredInvitationsContract
from tests.contracts.idempotency_repository_contract import IdempotencyRepositoryContract
from tests.contracts.invitation_batches_contract import InvitationBatchesContract
from tests.contracts.invitation_counts_contract import InvitationCountsContract
from tests.contracts.invitation_lives import Lived
from tests.contracts.invitation_repository_contract import InvitationRepositoryContract
from tests.contracts.invitation_revocations_contract import InvitationRevocationsContract
from tests.contracts.patient_invitations_contract import PatientInvitationsContract
from tests.contracts.redemption_repository_contract import RedemptionRepositoryContract
from tests.fakes.expired_invitations import InMemoryExpiredInvitations
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_counts import InMemoryInvitationCounts
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_invitations import InMemoryPatientInvitations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.redemption_repository import InMemoryRedemptions


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
def redemption_repository(
    invitation_repository: InMemoryInvitationRepository,
    patient_report_repository: InMemoryPatientReportRepository,
) -> InMemoryRedemptions:
    return InMemoryRedemptions(invitation_repository, patient_report_repository)


@pytest.fixture
def failed_claims(redemption_repository: InMemoryRedemptions) -> InMemoryRedemptions:
    return redemption_repository


@pytest.fixture
def idempotency_repository(
    invitation_repository: InMemoryInvitationRepository,
) -> InMemoryIdempotencyRepository:
    return InMemoryIdempotencyRepository(invitation_repository)


@pytest.fixture
def expired_invitations(invitation_repository: InMemoryInvitationRepository) -> InMemoryExpiredInvitations:
    return InMemoryExpiredInvitations(invitation_repository)


class TestInMemoryInvitationRepository(InvitationRepositoryContract):
    pass


class TestInMemoryIdempotencyRepository(IdempotencyRepositoryContract):
    pass


class TestInMemoryPatientInvitations(PatientInvitationsContract):
    pass


class TestInMemoryInvitationBatches(InvitationBatchesContract):
    pass


class TestInMemoryInvitationRevocations(InvitationRevocationsContract):
    pass


class TestInMemoryInvitationCounts(InvitationCountsContract):
    pass


class TestInMemoryExpiredInvitations(ExpiredInvitationsContract):
    pass


class TestInMemoryRedemptions(RedemptionRepositoryContract):
    pass
