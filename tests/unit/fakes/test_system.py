"""The fakes of the clock, request ids, readiness and records fulfil the contracts of their ports."""

import pytest

from tests.builders import NOW, TODAY
from tests.contracts.audit_repository_contract import AuditRepositoryContract
from tests.contracts.clock_contract import ClockContract
from tests.contracts.command_event_repository_contract import CommandEventRepositoryContract
from tests.contracts.readiness_check_contract import ReadinessCheckContract
from tests.contracts.request_ids_contract import RequestIdsContract
from tests.fakes.clock import FixedClock
from tests.fakes.command_event_repository import InMemoryCommandEventRepository
from tests.fakes.readiness_check import FixedReadiness
from tests.fakes.request_ids import SequentialRequestIds


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW, TODAY)


@pytest.fixture
def request_ids() -> SequentialRequestIds:
    return SequentialRequestIds()


@pytest.fixture
def ready() -> FixedReadiness:
    return FixedReadiness()


@pytest.fixture
def unready() -> FixedReadiness:
    return FixedReadiness("the database is not there")


@pytest.fixture
def command_event_repository() -> InMemoryCommandEventRepository:
    return InMemoryCommandEventRepository()


class TestFixedClock(ClockContract):
    pass


class TestSequentialRequestIds(RequestIdsContract):
    pass


class TestFixedReadiness(ReadinessCheckContract):
    pass


class TestInMemoryAuditRepository(AuditRepositoryContract):
    pass


class TestInMemoryCommandEvents(CommandEventRepositoryContract):
    pass
