"""The end of the service, as those see it who wait for something else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Stopping:
    """Ends the waits that would keep the service from stopping."""

    def __init__(self) -> None:
        """Not stopping yet."""
        self.has_begun = False
        self._waits: set[asyncio.Timeout] = set()

    def begin(self) -> None:
        """End all waits that may be ended, now and from now on."""
        self.has_begun = True
        for wait in self._waits:
            wait.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def wait(self, seconds: float) -> AsyncIterator[None]:
        """Wait within the block; raises TimeoutError after so many seconds, or when the service stops."""
        async with asyncio.timeout(0 if self.has_begun else seconds) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    async def pause(self, seconds: float) -> None:
        """Do nothing for so many seconds, or until the service stops."""
        with suppress(TimeoutError):
            async with self.wait(seconds):
                await asyncio.Event().wait()
