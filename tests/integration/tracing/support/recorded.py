"""The spans of the test process."""

from collections.abc import Sequence
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler
from opentelemetry.trace import Tracer


class RecordedSpans:
    """Stores the spans of a tracer."""

    def __init__(self, sampler: Sampler = ALWAYS_ON) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(sampler, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer: Tracer = provider.get_tracer("tests")

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        """List the spans in the order in which they began."""
        return sorted(self._exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    @property
    def names(self) -> list[str]:
        return [span.name for span in self.spans]

    def attributes(self, name: str) -> dict[str, Any]:
        """Give the attributes of the only span of a name."""
        (span,) = (span for span in self.spans if span.name == name)
        return dict(span.attributes or {})

    def failed(self) -> list[str]:
        """Name the spans with an error status."""
        return [span.name for span in self.spans if not span.status.is_ok]

    def text(self) -> str:
        """Give the whole content of the spans."""
        return "".join(span.to_json() for span in self.spans)
