"""The routes of the probes and the metrics, for operators."""

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Struct

from adapters.http.request_log import note
from application.ports.system import ReadinessCheck


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, str]:
    """Answer 200 while the process runs."""
    return {"status": "live"}


@get("/health/ready")
async def ready(
    request: Request[Any, Any, Any],
    readiness_checks: NamedDependency[SkipValidation[Sequence[ReadinessCheck]]],
) -> Response[dict[str, Any]]:
    """Answer 200 if every dependency of the service is ready, else 503 and the problems."""
    problems = [problem for check in readiness_checks if (problem := await check.problem())]
    if problems:
        note(request, cause="; ".join(problems))
        return Response({"status": "not ready", "problems": problems}, status_code=503)
    return Response({"status": "ready"}, status_code=200)


class Exposition(Struct, frozen=True):
    """The writer of the metrics, and their content type."""

    write: Callable[[], bytes]
    content_type: str


# in a thread, because it reads files of each worker
@get("/metrics", media_type="text/plain", sync_to_thread=True)
def metrics(exposition: NamedDependency[SkipValidation[Exposition]]) -> Response[bytes]:
    """Answer with the metrics of all workers."""
    return Response(exposition.write(), headers={"Content-Type": exposition.content_type})
