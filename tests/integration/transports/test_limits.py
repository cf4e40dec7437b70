"""The limits of one process count the calls of both transports together."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from domain.access import Grant
from tests.integration.faults.support.backends import locked, watching
from tests.integration.http.support.in_process import open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, HOSPITAL
from tests.integration.service import Service, running_service
from tests.integration.transports.setup import TRANSPORTS, access_of, open_transport
from tests.integration.transports.transport import Access, Refused, Tokens, Transport, Why

COUNTED = ("calls", "identifiers", "bytes")
"""The limits. Each has a client of its own on each transport."""


async def _grant(environment: Mapping[str, str]) -> None:
    async with open_container(environment) as container:
        for each in COUNTED:
            for name in TRANSPORTS:
                (await container.administration.grant_access()(Grant(f"{each}-{name}", HOSPITAL))).unwrap()


@pytest.fixture(scope="module")
def limited_service(
    sqlite_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Run a service that accepts small bodies, and two calls and ten identifiers a minute."""
    asyncio.run(_grant(sqlite_environment))
    environment = {
        **sqlite_environment,
        "INVITATIONS_MAX_REQUESTS_PER_MINUTE": "2",
        "INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE": "10",
        "INVITATIONS_MAX_BODY_BYTES": "2000",
    }
    with running_service(environment, tmp_path_factory.mktemp("limited") / "log", grpc=True) as running:
        yield running


@contextmanager
def both_transports(service: Service, first: str) -> Iterator[tuple[Transport, Transport]]:
    """Connect over the transport of that name, and over the other one."""
    (other,) = {*TRANSPORTS} - {first}
    with open_transport(first, service) as one, open_transport(other, service) as two:
        yield one, two


def test_calls_are_counted_together(limited_service: Service, issuer: Issuer, transport_name: str) -> None:
    access = access_of(issuer, client_id=f"calls-{transport_name}")
    with both_transports(limited_service, transport_name) as (transport, other):
        taken = [each.generate(access, [ADULT]) for each in (transport, other)]

        refused = transport.generate(access, [ADULT])

    assert [type(each) for each in taken] == [Tokens, Tokens]
    assert isinstance(refused, Refused)
    assert refused.why == Why.THROTTLED
    assert refused.retry_after in range(20, 31)


def test_identifiers_are_counted_together(
    limited_service: Service, issuer: Issuer, transport_name: str
) -> None:
    access = access_of(issuer, client_id=f"identifiers-{transport_name}")
    with both_transports(limited_service, transport_name) as (transport, other):
        first = other.generate(access, CROWD[:10])

        second = transport.query_status(access, CROWD[:5])

    assert isinstance(first, Tokens)
    assert isinstance(second, Refused)
    assert second.why == Why.THROTTLED
    assert second.retry_after in range(20, 31)


def test_a_request_above_the_size_limit_is_refused(
    limited_service: Service, issuer: Issuer, transport_name: str
) -> None:
    access = access_of(issuer, client_id=f"bytes-{transport_name}")
    with open_transport(transport_name, limited_service) as transport:
        few = transport.generate(access, CROWD[:5])

        many = transport.generate(access, CROWD[:60])

    assert isinstance(few, Tokens)
    assert many == Refused(Why.TOO_LARGE)


@pytest.fixture(scope="module")
def lost_service(
    lost_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Run a service that cannot reach its database."""
    with running_service(lost_environment, tmp_path_factory.mktemp("lost") / "log", grpc=True) as running:
        yield running


@pytest.mark.full
def test_a_service_without_its_database_answers_when_to_retry(
    lost_service: Service, access: Access, transport_name: str
) -> None:
    with open_transport(transport_name, lost_service) as transport:
        refused = transport.generate(access, [ADULT])

    assert refused == Refused(Why.UNAVAILABLE, retry_after=2)


@pytest.fixture(scope="module")
def narrow_service(
    environments: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, str]]:
    """Run a service on PostgreSQL with one slot for requests, and give the URL of its database."""
    environment = {**environments("postgresql"), "INVITATIONS_MAX_CONCURRENT_REQUESTS": "1"}
    with running_service(environment, tmp_path_factory.mktemp("narrow") / "log", grpc=True) as service:
        yield service, environment["INVITATIONS_DATABASE_URL"]


@pytest.mark.full
def test_both_transports_share_the_in_flight_limit(
    narrow_service: tuple[Service, str], access: Access, transport_name: str
) -> None:
    service, url = narrow_service
    with both_transports(service, transport_name) as (transport, other):
        refused, held_up = asyncio.run(while_held_up(url, other, transport, access))
        afterwards = transport.generate(access, [ADULT])

    assert refused == Refused(Why.UNAVAILABLE, retry_after=2)
    assert isinstance(held_up, Tokens)
    assert isinstance(afterwards, Tokens)


async def while_held_up(
    url: str, other: Transport, transport: Transport, access: Access
) -> tuple[object, object]:
    """Call over one transport while a call over the other one waits for the database."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as threads:

        def calling(through: Transport) -> Callable[[], object]:
            return lambda: through.generate(access, [ADULT])

        async with locked(url, "patient_identifier"), watching(url) as backends:
            held_up = loop.run_in_executor(threads, calling(other))
            await backends.wait_for_locks(1)
            refused = await loop.run_in_executor(threads, calling(transport))
        return refused, await held_up
