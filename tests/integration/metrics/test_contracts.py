"""Counting decorators fulfil the contracts of their ports."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.telemetry.counted_ports import CountedAuditRepository, CountedInvitationRepository
from adapters.telemetry.prometheus import Metrics
from domain.audit import Outcome
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.contracts.audit_repository_contract import AuditRepositoryContract
from tests.contracts.invitation_repository_contract import InvitationRepositoryContract
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository


class TestCountedAuditTrail(AuditRepositoryContract):
    @pytest.fixture
    def trail(self) -> InMemoryAuditRepository:
        return InMemoryAuditRepository()

    @pytest.fixture
    def audit_repository(self, trail: InMemoryAuditRepository, metrics: Metrics) -> CountedAuditRepository:
        return CountedAuditRepository(trail, metrics.calls)

    @pytest.fixture
    def recorded(
        self, trail: InMemoryAuditRepository
    ) -> Callable[[], Awaitable[list[tuple[RequestId, Outcome, OrganisationId | None]]]]:
        async def read() -> list[tuple[RequestId, Outcome, OrganisationId | None]]:
            return [(event.request_id, event.outcome, event.organisation_id) for event in trail.events]

        return read


class TestCountedInvitationStore(InvitationRepositoryContract):
    @pytest.fixture
    def organisation_repository(self) -> InMemoryOrganisations:
        return InMemoryOrganisations()

    @pytest.fixture
    def patient_report_repository(self) -> InMemoryPatientReportRepository:
        return InMemoryPatientReportRepository()

    @pytest.fixture
    def store(self) -> InMemoryInvitationRepository:
        return InMemoryInvitationRepository()

    @pytest.fixture
    def invitation_repository(
        self, store: InMemoryInvitationRepository, metrics: Metrics
    ) -> CountedInvitationRepository:
        return CountedInvitationRepository(store, metrics.calls)

    @pytest.fixture
    def idempotency_repository(self, store: InMemoryInvitationRepository) -> InMemoryIdempotencyRepository:
        return InMemoryIdempotencyRepository(store)

    @pytest.fixture
    def stored(
        self, store: InMemoryInvitationRepository
    ) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
        async def read() -> tuple[set[bytes], list[RequestId]]:
            digests = {invitation.code_digest for invitation in store.invitations}
            return digests, [event.request_id for event in store.events]

        return read
