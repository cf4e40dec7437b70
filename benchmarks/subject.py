"""What is measured: anything that invites patients."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from domain.identifiers import RequestedIdentifier

Send: TypeAlias = Callable[[Any], Awaitable[int]]
"""Sends what was prepared, and tells how many patients the answer speaks of."""


class Subject(Protocol):
    """Something that patients can be invited by."""

    name: str

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> Any:  # noqa: ANN401 - each takes its own
        """Make a request for patients; what that takes is not measured."""
        ...

    def connect(self, clients: int) -> AbstractAsyncContextManager[Sequence[Send]]:
        """Give what so many clients send by, each one request at a time."""
        ...

    def cpu_seconds(self) -> float:
        """Give the processor time that the subject has taken so far, without the database's."""
        ...
