"""What is counted in the process of a test, and a service whose two workers count together."""

from collections.abc import Iterator, Mapping

import pytest

from adapters.prometheus.metrics import Metrics
from tests.integration.doors.setup import populate, settings_on
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.processes import wait_until, workers_of
from tests.integration.service import Service, running_service


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("1.2.3")


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def environment(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    directory = tmp_path_factory.mktemp("environment")
    environment = settings_on(f"sqlite+aiosqlite:///{directory}/people.db", issuer, directory)
    populate(environment)
    # where the service makes its directory
    (directory / "temporary").mkdir()
    return {**environment, "TMPDIR": f"{directory}/temporary"}


@pytest.fixture(scope="module")
def service(environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("service") / "log"
    with running_service(environment, log, workers=2, grpc=True) as running:
        wait_until(lambda: len(workers_of(running.process.pid)) == 2)
        yield running
