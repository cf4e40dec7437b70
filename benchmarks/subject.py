"""A subject of the benchmarks: anything that invites patients."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from domain.identifiers import RequestedIdentifier

Send: TypeAlias = Callable[[Any], Awaitable[int]]
"""Sends a prepared request, and returns the number of patients in the answer."""


class Subject(Protocol):
    """Invites patients, or reads their status."""

    name: str

    def prepare(self, identifiers: Sequence[RequestedIdentifier]) -> Any:  # noqa: ANN401 - each takes its own
        """Prepare a request for patients. The time for this is not measured."""
        ...

    def connect(self, clients: int) -> AbstractAsyncContextManager[Sequence[Send]]:
        """Open this number of clients. Each sends one request at a time."""
        ...

    def cpu_seconds(self) -> float:
        """Give the processor time of the subject so far, without the database."""
        ...
