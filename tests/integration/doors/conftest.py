"""A service on each kind of database, and both doors to it."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.integration.doors.door import Access, Door
from tests.integration.doors.setup import DOORS, access_of, open_door, populate, settings_on
from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service, running_service


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def environment(
    new_database_url: Callable[[], str], issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    environment = settings_on(new_database_url(), issuer, tmp_path_factory.mktemp("environment"))
    populate(environment)
    return environment


@pytest.fixture(scope="session")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(environment, tmp_path_factory.mktemp("service") / "log", grpc=True) as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_environment(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give the settings of a service for tests that are the same on every database."""
    directory = tmp_path_factory.mktemp("sqlite")
    environment = settings_on(f"sqlite+aiosqlite:///{directory}/file.db", issuer, directory)
    populate(environment)
    return environment


@pytest.fixture(params=DOORS)
def door_name(request: pytest.FixtureRequest) -> str:
    """Name the door that a test goes through; each test goes through every one."""
    name: str = request.param
    return name


@pytest.fixture
def door(service: Service, door_name: str) -> Iterator[Door]:
    with open_door(door_name, service) as door:
        yield door


@pytest.fixture(scope="session")
def access(issuer: Issuer) -> Access:
    return access_of(issuer)
