"""What counts keeps the contract of what it counts."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.telemetry.counted_ports import CountedAuditTrail, CountedInvitationStore
from adapters.telemetry.prometheus import Metrics
from domain.audit import Outcome
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.contracts.audit_trail_contract import AuditTrailContract
from tests.contracts.invitation_store_contract import InvitationStoreContract
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.invitation_store import InMemoryInvitationStore
from tests.fakes.organisation_register import InMemoryOrganisations
from tests.fakes.patient_register import InMemoryPatientRegister
from tests.fakes.remembered_requests import InMemoryRememberedRequests


class TestCountedAuditTrail(AuditTrailContract):
    @pytest.fixture
    def trail(self) -> InMemoryAuditTrail:
        return InMemoryAuditTrail()

    @pytest.fixture
    def audit_trail(self, trail: InMemoryAuditTrail, metrics: Metrics) -> CountedAuditTrail:
        return CountedAuditTrail(trail, metrics.calls)

    @pytest.fixture
    def recorded(
        self, trail: InMemoryAuditTrail
    ) -> Callable[[], Awaitable[list[tuple[RequestId, Outcome, OrganisationId | None]]]]:
        async def read() -> list[tuple[RequestId, Outcome, OrganisationId | None]]:
            return [(event.request_id, event.outcome, event.organisation_id) for event in trail.events]

        return read


class TestCountedInvitationStore(InvitationStoreContract):
    @pytest.fixture
    def organisation_register(self) -> InMemoryOrganisations:
        return InMemoryOrganisations()

    @pytest.fixture
    def patient_register(self) -> InMemoryPatientRegister:
        return InMemoryPatientRegister()

    @pytest.fixture
    def store(self) -> InMemoryInvitationStore:
        return InMemoryInvitationStore()

    @pytest.fixture
    def invitation_store(self, store: InMemoryInvitationStore, metrics: Metrics) -> CountedInvitationStore:
        return CountedInvitationStore(store, metrics.calls)

    @pytest.fixture
    def remembered_requests(self, store: InMemoryInvitationStore) -> InMemoryRememberedRequests:
        return InMemoryRememberedRequests(store)

    @pytest.fixture
    def stored(
        self, store: InMemoryInvitationStore
    ) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
        async def read() -> tuple[set[bytes], list[RequestId]]:
            digests = {invitation.code_digest for invitation in store.invitations}
            return digests, [event.request_id for event in store.events]

        return read
