"""The trace of a call over each transport."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import httpx
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest
from msgspec.structs import replace

from tests.integration.grpc.support.client import grpc_client
from tests.integration.http.support.call import OPERATION, STATUS_OPERATION, asking_for, request_headers
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, MALFORMED, UNKNOWN_PATIENT
from tests.integration.service import Service
from tests.integration.tracing.support.calls import TracedCalls, begin
from tests.integration.tracing.support.collector import Collector

pytestmark = pytest.mark.full

CODE_AND_TOKEN = re.compile(r'"valueString": ?"(\w{10})"|(?:code|token): "(\w{10})"')
METHOD = "invitations.v1.InvitationTokens/GenerateInvitationTokens"
NAMES = {"http": f"POST {OPERATION}", "grpc": METHOD}
ATTRIBUTES: Mapping[str, Mapping[str, object]] = {
    "http": {
        "http.request.method": "POST",
        "http.route": OPERATION,
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    },
    "grpc": {"rpc.system.name": "grpc", "rpc.method": METHOD, "rpc.response.status_code": "OK"},
}
STATUS = {"http": "http.response.status_code", "grpc": "rpc.response.status_code"}


def test_a_call_is_a_span_in_the_trace_that_its_caller_has_begun(calls: TracedCalls, transport: str) -> None:
    call = calls.call(ADULT)

    trace = calls.trace(call)

    assert trace.server.parent_id == call.begun.span_id
    assert (trace.server.name, trace.server.failed) == (NAMES[transport], False)
    assert trace.server.attributes == ATTRIBUTES[transport]


def test_its_parts_are_within_it(calls: TracedCalls) -> None:
    trace = calls.trace(calls.call(ADULT, UNKNOWN_PATIENT))

    assert trace.within(trace.server) == ["verify", "grant", "decide", "write"]
    assert trace.within(trace.part("decide")) == ["read"]
    assert len(trace.spans) == 6
    assert trace.server.seconds > trace.part("decide").seconds > trace.part("read").seconds > 0


def test_the_spans_of_the_parts_hold_counts_and_no_more(calls: TracedCalls) -> None:
    trace = calls.trace(calls.call(ADULT, UNKNOWN_PATIENT, MALFORMED))

    assert {span.name: span.attributes for span in trace.spans if span is not trace.server} == {
        "verify": {},
        "grant": {},
        "decide": {},
        "read": {"invitations.asked": 2},
        "write": {"invitations.invited": 1},
    }


def test_a_call_with_a_key_looks_for_its_first_answer_and_decides(calls: TracedCalls, transport: str) -> None:
    first, second = (calls.trace(calls.call(ADULT, key=f"traced-{transport}")) for _ in range(2))

    assert first.within(first.server) == ["verify", "grant", "recall", "decide", "write"]
    assert second.within(second.server) == ["verify", "grant", "recall", "decide", "write"]


def test_a_query_of_status_decides_nothing(service: Service, collector: Collector, issuer: Issuer) -> None:
    begun = begin()
    headers = request_headers(issuer.access_token(), {"traceparent": begun.traceparent})

    httpx.post(f"{service.url}{STATUS_OPERATION}", headers=headers, content=asking_for(ADULT))

    trace = collector.trace(begun.trace_id)
    assert trace.server.name == f"POST {STATUS_OPERATION}"
    assert trace.within(trace.server) == ["verify", "grant", "read", "write"]


@pytest.mark.parametrize(
    ("claims", "statuses", "parts"),
    [
        pytest.param({"iss": "x"}, {"http": 401, "grpc": "UNAUTHENTICATED"}, ["verify"], id="not-ours"),
        pytest.param(
            {"scope": ""}, {"http": 403, "grpc": "PERMISSION_DENIED"}, ["verify", "write"], id="no-scope"
        ),
    ],
)
def test_a_refusal_is_no_failure_of_the_service(
    calls: TracedCalls, transport: str, claims: dict[str, str], statuses: dict[str, object], parts: list[str]
) -> None:
    trace = calls.trace(calls.call(ADULT, **claims))

    assert trace.server.attributes[STATUS[transport]] == statuses[transport]
    assert trace.within(trace.server) == parts
    assert not any(span.failed for span in trace.spans)


def test_the_log_line_carries_the_trace_and_the_span(calls: TracedCalls) -> None:
    call = calls.call(ADULT)

    trace = calls.trace(call)

    line = calls.service.log_line(call.request_id)
    assert (line["trace_id"], line["span_id"]) == (call.begun.trace_id, trace.server.span_id)


def test_calls_at_the_same_time_are_not_mixed_up(calls: TracedCalls) -> None:
    at_once = [calls.call(*CROWD[: number + 1]) for number in range(16)]

    with ThreadPoolExecutor(8) as callers:
        traces = [*callers.map(calls.trace, at_once)]

    assert [trace.within(trace.server) for trace in traces] == [["verify", "grant", "decide", "write"]] * 16
    asked = [trace.part("read").attributes["invitations.asked"] for trace in traces]
    assert asked == [len(call.identifiers) for call in at_once]


def test_the_spans_hold_no_patient_and_no_secret(calls: TracedCalls, collector: Collector) -> None:
    hostile = {"tracestate": f"a={ADULT.value}", "baggage": f"patient={ADULT.value}"}
    call = replace(calls.call(ADULT, key="a-key-that-is-not-traced"), more=hostile)

    answer = calls.send(call)

    collector.trace(call.begun.trace_id)
    secrets = ["".join(found) for found in CODE_AND_TOKEN.findall(answer)]
    sent = b"".join(collector.bodies)
    assert len(secrets) == 2
    assert not any(
        each.encode() in sent for each in (ADULT.value, call.access_token, str(call.key), *secrets)
    )


@pytest.mark.parametrize("path", [f"/fhir/Patient/{ADULT.value}", f"/fhir/Patient?identifier={ADULT.value}"])
def test_the_span_does_not_hold_the_path(service: Service, collector: Collector, path: str) -> None:
    begun = begin()

    httpx.get(f"{service.url}{path}", headers={"traceparent": begun.traceparent})

    trace = collector.trace(begun.trace_id)
    assert (trace.server.name, trace.server.attributes["http.response.status_code"]) == ("GET", 404)
    assert ADULT.value.encode() not in b"".join(collector.bodies)


def test_probes_and_metrics_are_not_traced(calls: TracedCalls, collector: Collector) -> None:
    probes = [begin(), begin()]
    httpx.get(f"{calls.service.url}/health/ready", headers={"traceparent": probes[0].traceparent})
    with grpc_client(calls.service.grpc_port) as client:
        client.check_health(HealthCheckRequest(), metadata=(("traceparent", probes[1].traceparent),))

    calls.trace(calls.call(ADULT))

    assert {each.trace_id for each in probes} & {span.trace_id for span in collector.spans()} == set()


@pytest.mark.parametrize(
    "traceparent",
    ["", "x", f"00-{'0' * 32}-{'0' * 16}-01", f"01-{'a' * 32}-{'b' * 16}-01-{'c' * 600}"],
    ids=["empty", "malformed", "nothing-but-zeros", "long"],
)
def test_the_service_begins_a_trace_for_a_caller_without_one(
    calls: TracedCalls, collector: Collector, traceparent: str
) -> None:
    call = calls.call(ADULT)

    calls.send(replace(call, more={"traceparent": traceparent}))

    trace = collector.trace(str(calls.service.log_line(call.request_id)["trace_id"]))
    assert (trace.server.parent_id, len(trace.spans)) == ("", 6)


def test_the_spans_carry_the_service_and_its_release(calls: TracedCalls, collector: Collector) -> None:
    calls.trace(calls.call(ADULT))

    resource = collector.resource()
    assert resource["service.name"] == "invitation-tokens"
    assert resource["service.version"] == version("invitation-tokens")
