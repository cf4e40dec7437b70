"""What Prometheus collects."""

from collections.abc import Callable

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Struct


class Exposition(Struct, frozen=True):
    """What writes the figures, and the content type of what it writes."""

    write: Callable[[], bytes]
    content_type: str


# in a thread, since it reads a file or two of each worker
@get("/metrics", tags=["Health"], media_type="text/plain", sync_to_thread=True)
def metrics(exposition: NamedDependency[SkipValidation[Exposition]]) -> Response[bytes]:
    """Answer with what was counted and measured, in all workers."""
    return Response(exposition.write(), headers={"Content-Type": exposition.content_type})
