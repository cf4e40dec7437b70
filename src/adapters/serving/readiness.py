"""The readiness of the service, asked by any number of probes over both transports."""

import asyncio
from collections.abc import Callable

from application.ports.system import ReadinessCheck

FRESH_SECONDS = 1.0
"""How long it stands that the service is ready."""

_NOT_READY_SECONDS = 0.1
"""How long "not ready" stands, so that a caller who waits soon learns of the change."""


class SharedReadiness(ReadinessCheck):
    """Checks at most once a second. Probes need no access token, so they may be many."""

    def __init__(self, check: ReadinessCheck, monotonic: Callable[[], float]) -> None:
        """Ask `check`; `monotonic` gives seconds."""
        self._check = check
        self._monotonic = monotonic
        self._answer: asyncio.Task[str | None] | None = None
        self._stands_until = 0.0

    async def problem(self) -> str | None:
        """Give the answer of a moment ago, or that of the check in progress, or check."""
        if self._answer is None or (self._answer.done() and self._monotonic() >= self._stands_until):
            self._answer = asyncio.create_task(self._ask())
        # a probe that hangs up takes the answer from no other
        return await asyncio.shield(self._answer)

    async def _ask(self) -> str | None:
        problem = await self._check.problem()
        self._stands_until = self._monotonic() + (_NOT_READY_SECONDS if problem else FRESH_SECONDS)
        return problem
