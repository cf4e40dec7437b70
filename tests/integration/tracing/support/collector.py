"""A substitute for an OpenTelemetry collector that stores what it receives, raw and parsed.

Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from msgspec import Struct
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan

_PATIENCE_SECONDS = 60


class Span(Struct, frozen=True):
    """The parts of a span that tests read."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: int
    failed: bool
    attributes: dict[str, str | int]
    events: int
    seconds: float


class Trace(Struct, frozen=True):
    """The spans of a trace, in the order in which they began."""

    spans: Sequence[Span]

    @property
    def server(self) -> Span:
        """The span of the call."""
        (server,) = (span for span in self.spans if span.kind == SentSpan.SPAN_KIND_SERVER)
        return server

    def within(self, parent: Span) -> list[str]:
        """Name the parts of a span."""
        return [span.name for span in self.spans if span.parent_id == parent.span_id]

    def part(self, name: str) -> Span:
        """Give the only span of this name."""
        (part,) = (span for span in self.spans if span.name == name)
        return part


class Collector:
    """The received requests. `answer` is the status of the answers."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[bytes] = []
        self.answer = 200

    @property
    def requests(self) -> list[ExportTraceServiceRequest]:
        return [ExportTraceServiceRequest.FromString(body) for body in tuple(self.bodies)]

    def resource(self) -> dict[str, str | int]:
        """Return the resource whose spans came first."""
        return _attributes(self.requests[0].resource_spans[0].resource.attributes)

    def trace(self, trace_id: str) -> Trace:
        """Give a trace after the end of its call, whose span comes last."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            spans = [span for span in self.spans() if span.trace_id == trace_id]
            if any(span.kind == SentSpan.SPAN_KIND_SERVER for span in spans):
                return Trace(spans)
            time.sleep(0.02)
        raise AssertionError(f"no span of a call in the trace {trace_id}")

    def spans(self) -> list[Span]:
        sent = [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return [_read(span) for span in sorted(sent, key=lambda span: span.start_time_unix_nano)]


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Collect until the block ends."""
    collector = Collector()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.bodies.append(body)
            self.send_response(collector.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}"
        serving = Thread(target=server.serve_forever, args=[0.05], daemon=True)
        serving.start()
        yield collector
        server.shutdown()
        serving.join()


def _read(span: SentSpan) -> Span:
    return Span(
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        kind=span.kind,
        failed=span.status.code == span.status.STATUS_CODE_ERROR,
        attributes=_attributes(span.attributes),
        events=len(span.events),
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
    )


def _attributes(attributes: Sequence[KeyValue]) -> dict[str, str | int]:
    return {
        each.key: each.value.int_value if each.value.HasField("int_value") else each.value.string_value
        for each in attributes
    }
