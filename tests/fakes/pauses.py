"""Pauses that take no time."""

from application.ports.system import Pauses


class NotedPauses(Pauses):
    def __init__(self, spread: float = 0.0) -> None:
        self.seconds: list[float] = []
        self._spread = spread

    def spread(self) -> float:
        return self._spread

    async def wait(self, seconds: float) -> None:
        self.seconds.append(seconds)
