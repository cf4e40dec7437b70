"""Traces, sent to an OpenTelemetry collector by OTLP over HTTP.

Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from logging import Filter, Logger, LogRecord, getLogger
from threading import Thread

from opentelemetry.context import attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import (
    StatusCode,
    Tracer,
    format_span_id,
    format_trace_id,
    get_current_span,
    set_span_in_context,
)


class OutageLoggedOnce(SpanExporter):
    """Exports by another exporter, and logs the first failure of each outage only."""

    def __init__(self, exporter: SpanExporter, logger: Logger) -> None:
        """`logger` is the one that `exporter` logs its failures to."""
        self._exporter = exporter
        self._is_logged = False
        logger.addFilter(self._is_first)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; spans that cannot be sent in time are lost."""
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._is_logged = False
        return result

    def shutdown(self) -> None:
        """Stop the attempt in progress, and make no more."""
        self._exporter.shutdown()

    def _is_first(self, _failure: LogRecord) -> bool:
        is_first = not self._is_logged
        self._is_logged = True
        return is_first


FLUSH_SECONDS = 3.0
"""How long the last spans may take at shutdown, so that an absent collector does not delay it."""


class OtlpTracing:
    """Collects the spans of this process and sends them from a thread of its own.

    OpenTelemetry's environment variables name the collector, the sampling and the service:
    https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
    """

    def __init__(self, service: str, version: str) -> None:
        """Read the environment. Raises ValueError if OpenTelemetry cannot work with it."""
        exporter = OTLPSpanExporter()
        self._exporter = OutageLoggedOnce(exporter, getLogger(type(exporter).__module__))
        self._provider = TracerProvider(resource=_resource(service, version), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self.tracer = self._provider.get_tracer(service, version)

    async def aclose(self) -> None:
        """Send the last spans, for `FLUSH_SECONDS` at most."""
        # the library waits for half a minute, and the interpreter for every thread that is no daemon
        flushing = Thread(target=self._provider.shutdown, daemon=True)
        flushing.start()
        await asyncio.to_thread(flushing.join, FLUSH_SECONDS)
        if flushing.is_alive():
            self._exporter.shutdown()


def _resource(service: str, version: str) -> Resource:
    configured = OTELResourceDetector().detect().attributes
    return Resource.create({SERVICE_NAME: service, SERVICE_VERSION: version, **configured})


class PartSpans:
    """Makes a span for each part of a call, if the call is traced and sampled."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._tracer = tracer

    def part(self, part: str, **counts: int) -> AbstractContextManager[None]:
        """Make the block a span, with the counts as its attributes and no other values."""
        if not get_current_span().is_recording():
            return nullcontext()
        return self._recorded(part, {f"invitations.{counted}": count for counted, count in counts.items()})

    @contextmanager
    def _recorded(self, name: str, attributes: Mapping[str, int]) -> Iterator[None]:
        span = self._tracer.start_span(name, attributes=attributes)
        # the library's own context manager does the same and takes as long again as to make the span
        token = attach(set_span_in_context(span))
        try:
            yield
        except Exception as raised:
            # its text may quote a patient's data
            span.set_attribute(ERROR_TYPE, type(raised).__qualname__)
            span.set_status(StatusCode.ERROR)
            raise
        finally:
            detach(token)
            span.end()


class LoggedSpan(Filter):
    """Adds trace and span to log lines that are written while a call is traced.

    Source: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
    """

    def filter(self, record: LogRecord) -> bool:
        """Let every line pass."""
        span = get_current_span().get_span_context()
        if span.is_valid:
            record.trace_id = format_trace_id(span.trace_id)
            record.span_id = format_span_id(span.span_id)
        return True
