"""Probes: is the process alive, and can it work."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from application.ports.readiness_check import ReadinessCheck


@get("/health/live", tags=["Health"], sync_to_thread=False)
def live() -> dict[str, str]:
    """Answer as long as the process can."""
    return {"status": "live"}


@get("/health/ready", tags=["Health"])
async def ready(
    readiness_checks: NamedDependency[SkipValidation[Sequence[ReadinessCheck]]],
) -> Response[dict[str, Any]]:
    """Answer 200 when everything that the service depends on is there, else 503 and what is not."""
    problems = [problem for check in readiness_checks if (problem := await check.problem())]
    if problems:
        return Response({"status": "not ready", "problems": problems}, status_code=503)
    return Response({"status": "ready"}, status_code=200)
