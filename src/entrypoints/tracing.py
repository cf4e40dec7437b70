"""Traces of calls and of their parts. Processes that do not trace do not import this module."""

from collections.abc import Sequence

from grpc.aio import ServerInterceptor
from opentelemetry.trace import Tracer

from adapters.grpc.spans import GrpcSpans
from adapters.http.bodies import AsgiApp
from adapters.http.spans import HttpSpans
from adapters.serving.spans import ServerSpans
from adapters.telemetry.otlp import OtlpTracing, PartSpans


class Traces:
    """Puts spans around the calls of both transports, and around the parts of a call."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._calls = ServerSpans(tracer)
        self.around_part = PartSpans(tracer).part
        self.grpc_interceptors: Sequence[ServerInterceptor] = (GrpcSpans(self._calls),)

    def around_http(self, app: AsgiApp) -> AsgiApp:
        """Put a span around each request to the application."""
        return HttpSpans(app, self._calls)

    async def aclose(self) -> None:
        """Do nothing; the tracer is closed by its owner."""


class ExportedTraces(Traces):
    """Traces that are sent to the collector that the environment names."""

    def __init__(self, service: str, version: str) -> None:
        """Read the environment. Raises ValueError if OpenTelemetry cannot work with it."""
        tracing = OtlpTracing(service, version)
        super().__init__(tracing.tracer)
        self._tracing = tracing

    async def aclose(self) -> None:
        """Send the last spans."""
        await self._tracing.aclose()
