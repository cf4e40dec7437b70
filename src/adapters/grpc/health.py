"""The service grpc.health.v1.Health: can the process work.

Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
"""

from collections.abc import Sequence

from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from returns.result import Failure, Success

from adapters.grpc.call import Call
from adapters.grpc.method import Answered
from adapters.grpc.request_refusals import request_refusal
from adapters.grpc.service import HEALTH, SERVICE
from adapters.grpc.service_refusals import UNKNOWN_SERVICE
from application.ports.readiness_check import ReadinessCheck

_WHOLE_SERVER = ""
_KNOWN = frozenset({_WHOLE_SERVER, SERVICE, HEALTH})

_WATCH_SECONDS = 2.0
"""How often those who watch are told of a change."""


class Health:
    """Tells whether everything that the service depends on is there."""

    def __init__(self, checks: Sequence[ReadinessCheck]) -> None:
        """Take what has to be there."""
        self._checks = checks

    async def check(self, call: Call) -> Answered:
        """Tell it once."""
        asked = await call.read(HealthCheckRequest)
        if isinstance(asked, Failure):
            return Failure(request_refusal(asked.failure()))
        if asked.unwrap().service not in _KNOWN:
            return Failure(UNKNOWN_SERVICE)
        await call.write(HealthCheckResponse(status=await self._status()))
        return Success(None)

    async def watch(self, call: Call) -> Answered:
        """Tell it now and whenever it changes, until the service stops."""
        asked = await call.read(HealthCheckRequest)
        if isinstance(asked, Failure):
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
