"""Spans on their way to a collector, by OTLP over HTTP.

Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

import asyncio
from importlib.metadata import version
from logging import getLogger
from threading import Thread

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from adapters.tracing.outage_told_once import OutageToldOnce

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
        self._exporter = OutageToldOnce(exporter, getLogger(type(exporter).__module__))
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
