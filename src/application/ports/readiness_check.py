"""The port to what the service depends on."""

from typing import Protocol


class ReadinessCheck(Protocol):
    """Tells whether something that the service depends on is as it should be."""

    async def problem(self) -> str | None:
        """Say in a sentence what is wrong, without secrets; None when nothing is."""
        ...
