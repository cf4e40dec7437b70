"""What every unit test runs under."""

from collections.abc import Iterator

import pytest

from tests.unit.no_io import io_refused


@pytest.fixture(autouse=True)
def _no_io() -> Iterator[None]:
    with io_refused():
        yield


@pytest.fixture(scope="session", autouse=True)
async def _one_event_loop(anyio_backend: str) -> None:
    """Keep one event loop for all tests: making one for each would take longer than the tests."""
