"""The port to waiting."""

from typing import Protocol


class Pauses(Protocol):
    """Lets time pass."""

    def spread(self) -> float:
        """Draw a number from 0 to 1, unlike those that others draw."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return after so long, not earlier."""
        ...
