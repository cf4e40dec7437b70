"""The services Health and ServerReflection of gRPC.

Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md

Source: https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
"""

from collections.abc import AsyncIterator, Sequence

from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha.reflection import aio
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest
from returns.result import Failure, Success

from adapters.grpc.call import Call
from adapters.grpc.dispatch import Answered
from adapters.grpc.messages import HEALTH, REFLECTION, SERVICE
from adapters.grpc.status_codes import UNKNOWN_SERVICE, request_refusal
from application.ports.system import ReadinessCheck
from domain.results import failed

_WHOLE_SERVER = ""
_KNOWN = frozenset({_WHOLE_SERVER, SERVICE, HEALTH})

_WATCH_SECONDS = 2.0
"""How often a watched status is checked for a change."""


class Health:
    """Says whether everything that the service depends on is available."""

    def __init__(self, checks: Sequence[ReadinessCheck]) -> None:
        """Take the checks that have to pass."""
        self._checks = checks

    async def check(self, call: Call) -> Answered:
        """Send the status once."""
        asked = await call.read(HealthCheckRequest)
        if failed(asked):
            return Failure(request_refusal(asked.failure()))
        if asked.unwrap().service not in _KNOWN:
            return Failure(UNKNOWN_SERVICE)
        await call.write(HealthCheckResponse(status=await self._status()))
        return Success(None)

    async def watch(self, call: Call) -> Answered:
        """Send the status now and whenever it changes, until the service stops."""
        asked = await call.read(HealthCheckRequest)
        if failed(asked):
            return Failure(request_refusal(asked.failure()))
        known = asked.unwrap().service in _KNOWN
        last = None
        while not call.stopping.has_begun:
            status = await self._status() if known else HealthCheckResponse.SERVICE_UNKNOWN
            if status != last:
                await call.write(HealthCheckResponse(status=status))
                last = status
            await call.stopping.pause(_WATCH_SECONDS)
        await call.write(HealthCheckResponse(status=HealthCheckResponse.NOT_SERVING))
        return Success(None)

    async def _status(self) -> int:
        for check in self._checks:
            if await check.problem():
                return int(HealthCheckResponse.NOT_SERVING)
        return int(HealthCheckResponse.SERVING)


class Reflection:
    """Describes the services with the library's own servicer."""

    def __init__(self) -> None:
        """Describe the service itself, health and reflection."""
        self._servicer = aio.ReflectionServicer([SERVICE, HEALTH, REFLECTION])

    async def __call__(self, call: Call) -> Answered:
        """Answer each question as it comes."""
        async for answer in self._servicer.ServerReflectionInfo(_questions(call), None):
            await call.write(answer)
        return Success(None)


async def _questions(call: Call) -> AsyncIterator[ServerReflectionRequest]:
    while True:
        question = await call.read_next(ServerReflectionRequest)
        if failed(question) or question.unwrap() is None:
            return
        yield question.unwrap()
