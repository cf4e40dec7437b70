"""The spans of what is done for a call."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import StatusCode, Tracer, get_current_span


class PartSpans:
    """Tells the parts of calls from each other, where the call is traced and sampled."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._tracer = tracer

    @contextmanager
    def part(self, name: str, **counts: int) -> Iterator[None]:
        """Let the block be a part. Of what it works on, it tells how many there are, and nothing else."""
        if not get_current_span().is_recording():
            yield
            return
        with self._tracer.start_as_current_span(
            name,
            attributes={f"invitations.{counted}": count for counted, count in counts.items()},
            # the text of an exception may quote a patient's data
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as raised:
                span.set_attribute(ERROR_TYPE, type(raised).__qualname__)
                span.set_status(StatusCode.ERROR)
                raise
