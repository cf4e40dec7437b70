"""Ports that pause, so that a test controls the order of concurrent steps."""

from collections.abc import Callable, Generator
from types import coroutine
from typing import Any, TypeVar, cast

T = TypeVar("T")


@coroutine
def _pause() -> Generator[None, None, None]:
    yield


def pausing(port: T) -> T:
    """Give the port with a pause before and a pause after each of its calls."""
    return cast("T", _Pausing(port))


class _Pausing:
    def __init__(self, port: Any) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def call(*arguments: Any, **named: Any) -> Any:
            await _pause()
            result = await getattr(self._port, name)(*arguments, **named)
            await _pause()
            return result

        return call
