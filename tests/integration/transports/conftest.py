"""A service on each kind of database, and both of its transports."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.integration.http.support.issuer import Issuer
from tests.integration.service import Service
from tests.integration.transports.setup import TRANSPORTS, access_of, open_transport
from tests.integration.transports.transport import Access, Transport


@pytest.fixture(scope="session")
def environment(database: str, environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    return environments(database)


@pytest.fixture(scope="session")
def service(database: str, services: Callable[[str], Service]) -> Service:
    return services(database)


@pytest.fixture(scope="session")
def sqlite_environment(environments: Callable[[str], Mapping[str, str]]) -> Mapping[str, str]:
    """Give the settings for tests that need one database only."""
    return environments("sqlite")


@pytest.fixture(scope="session", params=TRANSPORTS)
def transport_name(request: pytest.FixtureRequest) -> str:
    """Name the transport of a test. Each test runs with every one."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def transport(service: Service, transport_name: str) -> Iterator[Transport]:
    with open_transport(transport_name, service) as transport:
        yield transport


@pytest.fixture(scope="session")
def access(issuer: Issuer) -> Access:
    return access_of(issuer)
