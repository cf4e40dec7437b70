"""Probes and metrics, for those who run the service."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Struct

from application.ports.system import ReadinessCheck


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """Answer as long as the process can."""
    return {"status": "live"}


@get("/health/ready")
async def ready(
    readiness_checks: NamedDependency[SkipValidation[Sequence[ReadinessCheck]]],
) -> Response[dict[str, Any]]:
    """Answer 200 when everything that the service depends on is there, else 503 and what is not."""
    problems = [problem for check in readiness_checks if (problem := await check.problem())]
    if problems:
        return Response({"status": "not ready", "problems": problems}, status_code=503)
    return Response({"status": "ready"}, status_code=200)


class Exposition(Struct, frozen=True):
    """What writes the figures, and the content type of what it writes."""

    write: Callable[[], bytes]
    content_type: str


# in a thread, since it reads a file or two of each worker
@get("/metrics", media_type="text/plain", sync_to_thread=True)
def metrics(exposition: NamedDependency[SkipValidation[Exposition]]) -> Response[bytes]:
    """Answer with what was counted and measured, in all workers."""
    return Response(exposition.write(), headers={"Content-Type": exposition.content_type})
