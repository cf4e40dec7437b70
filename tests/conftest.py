"""Fixtures of all tests."""

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.contracts")

# the speed of the machine is not under test
settings.register_profile(
    "here",
    database=None,
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("here")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on the event loop that the service runs on."""
    return "asyncio"
