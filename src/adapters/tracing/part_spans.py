"""The spans of what is done for a call."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry.context import attach, detach
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import StatusCode, Tracer, get_current_span, set_span_in_context


class PartSpans:
    """Tells the parts of calls from each other, where the call is traced and sampled."""

    def __init__(self, tracer: Tracer) -> None:
        """Make spans with `tracer`."""
        self._tracer = tracer

    def part(self, name: str, **counts: int) -> AbstractContextManager[None]:
        """Let the block be a part. Of what it works on, it tells how many there are, and nothing else."""
        if not get_current_span().is_recording():
            return nullcontext()
        return self._recorded(name, {f"invitations.{counted}": count for counted, count in counts.items()})

    @contextmanager
    def _recorded(self, name: str, attributes: Mapping[str, int]) -> Iterator[None]:
        span = self._tracer.start_span(name, attributes=attributes)
        # as the library's own context manager does, but that takes as long again as to make the span
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
