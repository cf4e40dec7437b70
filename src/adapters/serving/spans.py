"""The spans of calls, whichever door they come through.

Source: https://opentelemetry.io/docs/specs/otel/trace/api/
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry.context import Context, attach, detach
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
"""What carries the trace that a caller has begun: https://www.w3.org/TR/trace-context/#traceparent-header"""

_LONGEST = 512
_CALLERS_TRACE = TraceContextTextMapPropagator()


class ServerSpans:
    """Begins a span for each call; what is done for the call belongs to it."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._tracer = tracer

    @contextmanager
    def of_call(
        self, name: str, attributes: Mapping[str, str], traceparents: Sequence[str]
    ) -> Iterator[Span]:
        """Let the block be a call, and part of the trace that its caller has begun, if it tells of one."""
        span = self._tracer.start_span(name, _parent(traceparents), SpanKind.SERVER, attributes)
        # as the library's own context manager does, but that takes as long again as to make the span
        token = attach(set_span_in_context(span))
        try:
            yield span
        finally:
            detach(token)
            span.end()


def note_failure(span: Span, error_type: str) -> None:
    """Say that the service could not do what it was asked to."""
    span.set_attribute(ERROR_TYPE, error_type)
    span.set_status(StatusCode.ERROR)


def _parent(traceparents: Sequence[str]) -> Context:
    """Read the caller's trace. What else it carries may hold anything, so it is left alone."""
    if len(traceparents) != 1 or len(traceparents[0]) > _LONGEST:
        return Context()
    return _CALLERS_TRACE.extract({TRACEPARENT: traceparents[0]}, Context())
