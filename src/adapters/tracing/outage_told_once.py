"""A collector that is away, told of in one line."""

from collections.abc import Sequence
from logging import Logger, LogRecord

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult


class OutageToldOnce(SpanExporter):
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
