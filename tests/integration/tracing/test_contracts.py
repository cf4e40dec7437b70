"""A port with a span around it does what the port does, within a call that is traced."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from returns.result import Failure, Success

from adapters.serving.spans import ServerSpans
from adapters.telemetry.observed_ports import (
    ObservedAccessTokenVerifier,
    ObservedAuditRepository,
    ObservedIdempotencyRepository,
    ObservedInvitationRepository,
    ObservedOrganisationGrants,
    ObservedPatientRepository,
)
from adapters.telemetry.otlp import PartSpans
from application.ports.access import AccessTokenExpired
from domain.access import Caller
from domain.audit import AuditEvent
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.builders import CLIENT
from tests.contracts.access_token_verifier_contract import AccessTokenVerifierContract
from tests.contracts.audit_repository_contract import AuditRepositoryContract
from tests.contracts.idempotency_repository_contract import IdempotencyRepositoryContract
from tests.contracts.invitation_repository_contract import InvitationRepositoryContract
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.contracts.patient_repository_contract import PatientRepositoryContract
from tests.fakes.access_token_verifier import KnownAccessTokens
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.patient_repository import InMemoryPatientRepository
from tests.fakes.unavailable import OutOfOrder
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
def organisation_repository() -> InMemoryOrganisations:
    return InMemoryOrganisations()


@pytest.fixture
def grant_repository(organisation_repository: InMemoryOrganisations) -> InMemoryGrants:
    return InMemoryGrants(organisations=organisation_repository)


@pytest.fixture
def organisation_grants(grant_repository: InMemoryGrants, spans: PartSpans) -> ObservedOrganisationGrants:
    return ObservedOrganisationGrants(grant_repository, spans.part)


@pytest.fixture
def patient_report_repository() -> InMemoryPatientReportRepository:
    return InMemoryPatientReportRepository()


@pytest.fixture
def patient_repository(
    patient_report_repository: InMemoryPatientReportRepository, spans: PartSpans
) -> ObservedPatientRepository:
    return ObservedPatientRepository(InMemoryPatientRepository(patient_report_repository), spans.part)


@pytest.fixture
def patient_repository_without_source(spans: PartSpans) -> ObservedPatientRepository:
    return ObservedPatientRepository(OutOfOrder(), spans.part)


@pytest.fixture
def plain_store() -> InMemoryInvitationRepository:
    return InMemoryInvitationRepository()


@pytest.fixture
def invitation_repository(
    plain_store: InMemoryInvitationRepository, spans: PartSpans
) -> ObservedInvitationRepository:
    return ObservedInvitationRepository(plain_store, spans.part, list[AuditEvent]().append)


@pytest.fixture
def stored(
    plain_store: InMemoryInvitationRepository,
) -> Callable[[], Awaitable[tuple[set[bytes], list[RequestId]]]]:
    async def read() -> tuple[set[bytes], list[RequestId]]:
        digests = {invitation.code_digest for invitation in plain_store.invitations}
        return digests, [event.request_id for event in plain_store.events]

    return read


@pytest.fixture
def idempotency_repository(
    plain_store: InMemoryInvitationRepository, spans: PartSpans
) -> ObservedIdempotencyRepository:
    return ObservedIdempotencyRepository(InMemoryIdempotencyRepository(plain_store), spans.part)


@pytest.fixture
def plain_trail() -> InMemoryAuditRepository:
    return InMemoryAuditRepository()


@pytest.fixture
def audit_repository(plain_trail: InMemoryAuditRepository, spans: PartSpans) -> ObservedAuditRepository:
    return ObservedAuditRepository(plain_trail, spans.part, list[AuditEvent]().append)


@pytest.fixture
def recorded(
    plain_trail: InMemoryAuditRepository,
) -> Callable[[], Awaitable[list[tuple[RequestId, str, OrganisationId | None]]]]:
    async def read() -> list[tuple[RequestId, str, OrganisationId | None]]:
        return [(event.request_id, event.outcome, event.organisation_id) for event in plain_trail.events]

    return read


@pytest.fixture
def presented() -> Mapping[str, str]:
    return {name: name for name in ("genuine", "expired", "not-ours", "malformed")}


@pytest.fixture
def verifier(spans: PartSpans) -> ObservedAccessTokenVerifier:
    genuine = Caller(CLIENT, frozenset({"one", "two"}))
    known = KnownAccessTokens({"genuine": Success(genuine), "expired": Failure(AccessTokenExpired())})
    return ObservedAccessTokenVerifier(known, spans.part)


class TestTracedAccessTokenVerifier(AccessTokenVerifierContract):
    pass


class TestTracedOrganisationGrants(OrganisationGrantsContract):
    pass


class TestTracedPatientRepository(PatientRepositoryContract):
    pass


class TestTracedInvitationStore(InvitationRepositoryContract):
    pass


class TestTracedRememberedRequests(IdempotencyRepositoryContract):
    pass


class TestTracedAuditTrail(AuditRepositoryContract):
    pass
