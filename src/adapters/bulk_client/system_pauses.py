"""Waiting, as the machine does it."""

import asyncio
from secrets import SystemRandom

from application.ports.pauses import Pauses


class SystemPauses(Pauses):
    """Waits for real."""

    def __init__(self) -> None:
        """Take the system's source of randomness."""
        self._random = SystemRandom()

    def spread(self) -> float:
        """Draw a number from 0 to 1."""
        return self._random.random()

    async def wait(self, seconds: float) -> None:
        """Return after so long."""
        await asyncio.sleep(seconds)
