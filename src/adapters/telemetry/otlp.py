"""Traces on their way to an OpenTelemetry collector, by OTLP over HTTP.

Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from logging import Filter, Logger, LogRecord, getLogger
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import format_span_id, format_trace_id, get_current_span


class OutageLoggedOnce(SpanExporter):
    """Exports as another exporter does, whose complaints are logged once, and again after a success."""

    def __init__(self, exporter: SpanExporter, complaints: Logger) -> None:
        """`complaints` is the logger of `exporter`."""
        self._exporter = exporter
        self._is_told = False
        complaints.addFilter(self._is_news)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; what cannot be sent in time is lost."""
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._is_told = False
        return result

    def shutdown(self) -> None:
        """End an attempt under way, and make no more."""
        self._exporter.shutdown()

    def _is_news(self, _complaint: LogRecord) -> bool:
        is_news = not self._is_told
        self._is_told = True
        return is_news


FLUSH_SECONDS = 3.0
"""How long what was not sent yet may take at the end; a collector that is away does not keep the service."""

_PRODUCT = "invitation-tokens"


class OtlpTracing:
    """Collects the spans of this process and sends them from a thread of its own.

    Where to, which and as whose is for OpenTelemetry's own variables of the environment to say:
    https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
    """

    def __init__(self) -> None:
        """Read the environment. Raises ValueError for what nobody can work with."""
        exporter = OTLPSpanExporter()
        self._exporter = OutageLoggedOnce(exporter, getLogger(type(exporter).__module__))
        self._provider = TracerProvider(resource=_this_service(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self.tracer = self._provider.get_tracer(_PRODUCT, version(_PRODUCT))

    async def aclose(self) -> None:
        """Send what is left, if that is quickly done."""
        # the library waits for half a minute, and the interpreter for every thread that is no daemon
        flushing = Thread(target=self._provider.shutdown, daemon=True)
        flushing.start()
        await asyncio.to_thread(flushing.join, FLUSH_SECONDS)
        if flushing.is_alive():
            self._exporter.shutdown()


def _this_service() -> Resource:
    told = OTELResourceDetector().detect().attributes
    return Resource.create({SERVICE_NAME: _PRODUCT, SERVICE_VERSION: version(_PRODUCT), **told})


class LoggedSpan(Filter):
    """Adds trace and span to lines that are written while a call is traced.

    Source: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/
    """

    def filter(self, record: LogRecord) -> bool:
        """Let every line pass."""
        span = get_current_span().get_span_context()
        if span.is_valid:
            record.trace_id = format_trace_id(span.trace_id)
            record.span_id = format_span_id(span.span_id)
        return True
