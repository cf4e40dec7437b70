"""The spans of calls, over both transports.

Source: https://opentelemetry.io/docs/specs/otel/trace/api/
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry.context import Context, attach, detach
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
"""The header, or metadata, of the caller's trace: https://www.w3.org/TR/trace-context/#traceparent-header"""

_LONGEST = 512
_CALLERS_TRACE = TraceContextTextMapPropagator()


class ServerSpans:
    """Makes a span for each call, the parent of all spans within the call."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._tracer = tracer

    @contextmanager
    def of_call(
        self, name: str, attributes: Mapping[str, str], traceparents: Sequence[str]
    ) -> Iterator[Span]:
        """Make the block a span, in the trace of the caller if it sent one."""
        span = self._tracer.start_span(name, _parent(traceparents), SpanKind.SERVER, attributes)
        # the library's own context manager does the same, and doubles the cost of a span
        token = attach(set_span_in_context(span))
        try:
            yield span
        finally:
            detach(token)
            span.end()


def note_failure(span: Span, error_type: str) -> None:
    """Mark a span as failed by the service."""
    span.set_attribute(ERROR_TYPE, error_type)
    span.set_status(StatusCode.ERROR)


def _parent(traceparents: Sequence[str]) -> Context:
    """Read the caller's trace. Other trace headers are ignored: they may hold anything."""
    if len(traceparents) != 1 or len(traceparents[0]) > _LONGEST:
        return Context()
    return _CALLERS_TRACE.extract({TRACEPARENT: traceparents[0]}, Context())
