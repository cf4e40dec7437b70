"""The fakes that several contracts use, under the fixture names of the contracts."""

from collections.abc import Awaitable, Callable

import pytest

from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


@pytest.fixture
def organisation_repository() -> InMemoryOrganisations:
    return InMemoryOrganisations()


@pytest.fixture
def patient_report_repository() -> InMemoryPatientReportRepository:
    return InMemoryPatientReportRepository()


@pytest.fixture
def invitation_repository(audit_repository: InMemoryAuditRepository) -> InMemoryInvitationRepository:
    return InMemoryInvitationRepository(audit_repository)


@pytest.fixture
def stored(
    invitation_repository: InMemoryInvitationRepository,
) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
    async def read() -> tuple[set[bytes], list[RequestId]]:
        digests = {invitation.code_digest for invitation in invitation_repository.invitations}
        return digests, [event.request_id for event in invitation_repository.events]

    return read


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
