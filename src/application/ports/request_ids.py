"""The port to request ids."""

from typing import Protocol

from domain.invitation import RequestId


class RequestIds(Protocol):
    """Draws the ids that tell requests apart."""

    def draw(self) -> RequestId:
        """Give a fresh id of 128 bits that nobody can foresee."""
        ...
