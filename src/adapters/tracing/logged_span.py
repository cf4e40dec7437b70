"""The span that lines in the log belong to."""

from logging import Filter, LogRecord

from opentelemetry.trace import format_span_id, format_trace_id, get_current_span


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
