"""A service on each kind of database, and both doors to it."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.integration.doors.door import Access, Door
from tests.integration.doors.setup import DOORS, access_of, open_door
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service


@pytest.fixture(scope="session")
def environment(database: str, environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    return environments(database)


@pytest.fixture(scope="session")
def service(database: str, services: Callable[[str], Service]) -> Service:
    return services(database)


@pytest.fixture(scope="session")
def sqlite_environment(environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    """Give the settings of a service for tests that are the same on every database."""
    return environments("sqlite")


@pytest.fixture(scope="session", params=DOORS)
def door_name(request: pytest.FixtureRequest) -> str:
    """Name the door that a test goes through; each test goes through every one."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def door(service: Service, door_name: str) -> Iterator[Door]:
    with open_door(door_name, service) as door:
        yield door


@pytest.fixture(scope="session")
def access(issuer: Issuer) -> Access:
    return access_of(issuer)
