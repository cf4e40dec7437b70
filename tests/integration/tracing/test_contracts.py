"""A port with a span around it does what the port does, within a call that is traced."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from returns.result import Failure, Success

from adapters.serving.spans import ServerSpans
from adapters.telemetry.traced_ports import (
    PartSpans,
    TracedAccessTokenVerifier,
    TracedAuditTrail,
    TracedInvitationStore,
    TracedOrganisationGrants,
    TracedPatientRepository,
    TracedRememberedRequests,
)
from application.ports.access import AccessTokenExpired
from domain.access import Caller
from domain.audit import Outcome
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.builders import CLIENT
from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.contracts.audit_trail_contract import AuditTrailContract
from tests.contracts.invitation_store_contract import InvitationStoreContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.contracts.remembered_requests_contract import RememberedRequestsContract
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.audit_trail import InMemoryAuditTrail
from tests.fakes.grant_register import InMemoryGrants
from tests.fakes.invitation_store import InMemoryInvitationStore
from tests.fakes.organisation_register import InMemoryOrganisations
from tests.fakes.patient_register import InMemoryPatientRegister
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.remembered_requests import InMemoryRememberedRequests
from tests.integration.tracing.support.recorded import RecordedSpans


@pytest.fixture
def recorded_spans() -> RecordedSpans:
    return RecordedSpans()


@pytest.fixture
def spans(recorded_spans: RecordedSpans) -> PartSpans:
    return PartSpans(recorded_spans.tracer)


@pytest.fixture(autouse=True)
async def _within_a_call(recorded_spans: RecordedSpans) -> AsyncIterator[None]:
    with ServerSpans(recorded_spans.tracer).of_call("call", {}, []):
        yield
    assert {*recorded_spans.names} > {"call"}


@pytest.fixture
def organisation_register() -> InMemoryOrganisations:
    return InMemoryOrganisations()


@pytest.fixture
def grant_register() -> InMemoryGrants:
    return InMemoryGrants()


@pytest.fixture
def organisation_grants(grant_register: InMemoryGrants, spans: PartSpans) -> TracedOrganisationGrants:
    return TracedOrganisationGrants(grant_register, spans)


@pytest.fixture
def patient_register() -> InMemoryPatientRegister:
    return InMemoryPatientRegister()


@pytest.fixture
def patient_repository(
    patient_register: InMemoryPatientRegister, spans: PartSpans
) -> TracedPatientRepository:
    return TracedPatientRepository(InMemoryPatientRepository(patient_register), spans)


@pytest.fixture
def plain_store() -> InMemoryInvitationStore:
    return InMemoryInvitationStore()


@pytest.fixture
def invitation_store(plain_store: InMemoryInvitationStore, spans: PartSpans) -> TracedInvitationStore:
    return TracedInvitationStore(plain_store, spans)


@pytest.fixture
def stored(
    plain_store: InMemoryInvitationStore,
) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
    async def read() -> tuple[set[bytes], list[RequestId]]:
        digests = {invitation.code_digest for invitation in plain_store.invitations}
        return digests, [event.request_id for event in plain_store.events]

    return read


@pytest.fixture
def remembered_requests(plain_store: InMemoryInvitationStore, spans: PartSpans) -> TracedRememberedRequests:
    return TracedRememberedRequests(InMemoryRememberedRequests(plain_store), spans)


@pytest.fixture
def plain_trail() -> InMemoryAuditTrail:
    return InMemoryAuditTrail()


@pytest.fixture
def audit_trail(plain_trail: InMemoryAuditTrail, spans: PartSpans) -> TracedAuditTrail:
    return TracedAuditTrail(plain_trail, spans)


@pytest.fixture
def recorded(
    plain_trail: InMemoryAuditTrail,
) -> Callable[[], Awaitable[list[tuple[RequestId, Outcome, OrganisationId | None]]]]:
    async def read() -> list[tuple[RequestId, Outcome, OrganisationId | None]]:
        return [(event.request_id, event.outcome, event.organisation_id) for event in plain_trail.events]

    return read


@pytest.fixture
def presented() -> Mapping[str, str]:
    return {name: name for name in ("genuine", "expired", "not-ours", "malformed")}


@pytest.fixture
def verifier(spans: PartSpans) -> TracedAccessTokenVerifier:
    genuine = Caller(CLIENT, frozenset({"one", "two"}))
    known = KnownAccessTokens({"genuine": Success(genuine), "expired": Failure(AccessTokenExpired())})
    return TracedAccessTokenVerifier(known, spans)


class TestTracedAccessTokenVerifier(AccessTokenVerifierContract):
    pass


class TestTracedOrganisationGrants(OrganisationGrantsContract):
    pass


class TestTracedPatientRepository(PatientRepositoryContract):
    pass


class TestTracedInvitationStore(InvitationStoreContract):
    pass


class TestTracedRememberedRequests(RememberedRequestsContract):
    pass


class TestTracedAuditTrail(AuditTrailContract):
    pass
