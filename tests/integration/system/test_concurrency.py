"""Steps that run at the same time, on the event loop."""

import pytest

from adapters.system import AsyncioConcurrency
from tests.contracts.concurrency_contract import ConcurrencyContract


class TestAsyncioConcurrency(ConcurrencyContract):
    @pytest.fixture
    def concurrency(self) -> AsyncioConcurrency:
        return AsyncioConcurrency()
