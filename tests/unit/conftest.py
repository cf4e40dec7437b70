"""Fixtures of all unit tests."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import find
from hypothesis import strategies as st

from tests.unit.no_io import io_refused


@pytest.fixture(scope="session", autouse=True)
def _hypothesis_has_read_its_files() -> None:
    """Draw once, so that hypothesis has read its sources before files are refused."""
    find(st.integers(), lambda _: True)


@pytest.fixture(scope="session", autouse=True)
def _modules_are_no_garbage() -> None:
    """Keep the collector from looking through all modules and tests again and again."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_io() -> Iterator[None]:
    with io_refused():
        yield


@pytest.fixture(scope="session", autouse=True)
async def _one_event_loop(anyio_backend: str) -> None:
    """Keep one event loop for all tests: making one for each would take longer than the tests."""
