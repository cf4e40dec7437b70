"""The spans of outages and bugs hold the part and the type of the error, and none of its text."""

import asyncio
from collections.abc import Mapping, Sequence
from operator import attrgetter

import pytest
from dependency_injector import providers
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from adapters.grpc.generated.invitations.v1.invitations_pb2 import GenerateInvitationTokensRequest
from application.ports.patients import PatientRepository
from domain.identifiers import PatientIdentifier
from domain.organisations import OrganisationId
from domain.patients import Patient
from entrypoints.container import Container
from entrypoints.tracing import Traces
from tests.fakes.unavailable import OutOfOrder
from tests.integration.grpc.support.client import by_uri
from tests.integration.grpc.support.in_process import serving, stream_of
from tests.integration.http.support.broken import Buggy
from tests.integration.http.support.call import OPERATION, asking_for, request_headers
from tests.integration.http.support.in_process import client_of
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD
from tests.integration.tracing.support.recorded import RecordedSpans

METHOD = "invitations.v1.InvitationTokens/GenerateInvitationTokens"
PORTS = [
    pytest.param("security.access_token_verifier", ["verify"], id="verify"),
    pytest.param("security.organisation_grants", ["grant"], id="grant"),
    pytest.param("storage.patient_repository", ["decide", "read"], id="read"),
    pytest.param("storage.invitation_repository", ["write"], id="write"),
]


class Endless(PatientRepository):
    """Looks for patients until its caller hangs up."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.left = asyncio.Event()

    async def find(
        self, organisation_id: OrganisationId, identifiers: Sequence[PatientIdentifier]
    ) -> Mapping[PatientIdentifier, Patient]:
        self.reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()
        return {}


@pytest.fixture
def recorded() -> RecordedSpans:
    return RecordedSpans()


def traced(container: Container, recorded: RecordedSpans) -> None:
    container.telemetry.traces.override(providers.Object(Traces(recorded.tracer)))


async def call_http(container: Container, issuer: Issuer, method: str = "POST") -> None:
    async with client_of(container.http.app()) as client:
        headers = request_headers(issuer.access_token())
        await client.request(method, OPERATION, headers=headers, content=asking_for(ADULT))


@pytest.mark.parametrize(("port", "failed"), PORTS)
async def test_an_outage_is_a_failure_of_the_part_that_met_it_and_of_the_call(
    container_in_memory: Container, issuer: Issuer, recorded: RecordedSpans, port: str, failed: list[str]
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(OutOfOrder()))
    traced(container_in_memory, recorded)

    await call_http(container_in_memory, issuer)

    call = f"POST {OPERATION}"
    assert recorded.failed() == [call, *failed]
    assert recorded.attributes(call)["http.response.status_code"] == 503
    assert recorded.attributes(call)["error.type"] == "503"
    assert recorded.attributes(failed[-1])["error.type"] == "Unavailable"


@pytest.mark.parametrize(("port", "failed"), PORTS)
async def test_an_outage_is_a_failure_over_grpc_too(
    container_in_memory: Container, issuer: Issuer, recorded: RecordedSpans, port: str, failed: list[str]
) -> None:
    attrgetter(port)(container_in_memory).override(providers.Object(OutOfOrder()))
    traced(container_in_memory, recorded)

    async with serving(container_in_memory, issuer) as client:
        await client.refusal(ADULT)

    assert recorded.failed() == [METHOD, *failed]
    assert recorded.attributes(METHOD)["rpc.response.status_code"] == "UNAVAILABLE"
    assert recorded.attributes(METHOD)["error.type"] == "UNAVAILABLE"


async def test_the_span_of_a_bug_holds_its_type_and_not_its_text(
    container_in_memory: Container, issuer: Issuer, recorded: RecordedSpans
) -> None:
    bug = Buggy(RuntimeError(f"no patient {ADULT.value}"))
    container_in_memory.storage.patient_repository.override(providers.Object(bug))
    traced(container_in_memory, recorded)

    await call_http(container_in_memory, issuer)

    assert recorded.attributes("read")["error.type"] == "RuntimeError"
    assert ADULT.value not in recorded.text()


async def test_a_caller_that_hangs_up_is_no_failure_of_the_service(
    container_in_memory: Container, issuer: Issuer, recorded: RecordedSpans
) -> None:
    endless = Endless()
    container_in_memory.storage.patient_repository.override(providers.Object(endless))
    traced(container_in_memory, recorded)

    async with serving(container_in_memory, issuer) as client:
        call = client.generate(
            GenerateInvitationTokensRequest(identifiers=[by_uri(ADULT)]), metadata=client.metadata
        )
        await endless.reached.wait()
        call.cancel()
        await endless.left.wait()

    assert recorded.attributes(METHOD)["rpc.response.status_code"] == "CANCELLED"
    assert recorded.failed() == []


async def test_the_span_does_not_hold_an_unknown_method(
    container_in_memory: Container, issuer: Issuer, recorded: RecordedSpans
) -> None:
    traced(container_in_memory, recorded)

    await call_http(container_in_memory, issuer, method=f"GET-{ADULT.value}")

    assert recorded.names == ["HTTP"]
    assert recorded.attributes("HTTP")["http.request.method"] == "_OTHER"
    assert ADULT.value not in recorded.text()


async def test_each_batch_of_a_stream_is_a_part_of_the_call_with_parts_of_its_own(
    container_in_memory: Container, issuer: Issuer, recorded: RecordedSpans
) -> None:
    traced(container_in_memory, recorded)

    async with serving(container_in_memory, issuer) as client:
        call = client.stream(stream_of(*CROWD * 2), metadata=client.metadata)
        answers = [answer async for answer in call]

    spans = {span.context.span_id: span for span in recorded.spans}
    within = {
        id_: [span.name for span in recorded.spans if span.parent and span.parent.span_id == id_]
        for id_ in spans
    }
    assert len(answers) == 2
    assert [sorted(within[id_]) for id_, span in spans.items() if span.parent is None] == [
        ["batch", "batch", "grant", "verify"]
    ]
    assert [within[id_] for id_, span in spans.items() if span.name == "batch"] == [
        ["verify", "grant", "decide", "write"]
    ] * 2


async def test_a_call_that_is_not_sampled_leaves_no_trace(
    container_in_memory: Container, issuer: Issuer
) -> None:
    recorded = RecordedSpans(ALWAYS_OFF)
    traced(container_in_memory, recorded)

    await call_http(container_in_memory, issuer)

    assert recorded.names == []
