"""What one process gives, it gives once, through whichever doors it is asked."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from domain.access import Grant
from tests.integration.doors.door import Access, Door, Refused, Tokens, Why
from tests.integration.doors.setup import DOORS, access_of, open_door
from tests.integration.faults.support.backends import locked, watching
from tests.integration.http.support.in_process import open_container
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD, HOSPITAL
from tests.integration.service import Service, running_service

COUNTED = ("calls", "identifiers", "bytes")
"""What is limited; a client of its own meets each of the limits through each door."""


async def _grant(environment: Mapping[str, str]) -> None:
    async with open_container(environment) as container:
        for each in COUNTED:
            for name in DOORS:
                (await container.administration.grant_access()(Grant(f"{each}-{name}", HOSPITAL))).unwrap()


@pytest.fixture(scope="module")
def limited_service(
    sqlite_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Run a service that takes little at a time, and two calls for ten identifiers a minute."""
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
def both_doors(service: Service, first: str) -> Iterator[tuple[Door, Door]]:
    """Give the door of that name, and the other one."""
    (other,) = {*DOORS} - {first}
    with open_door(first, service) as one, open_door(other, service) as two:
        yield one, two


def test_calls_are_counted_together(limited_service: Service, issuer: Issuer, door_name: str) -> None:
    access = access_of(issuer, client_id=f"calls-{door_name}")
    with both_doors(limited_service, door_name) as (door, other):
        taken = [each.generate(access, [ADULT]) for each in (door, other)]

        refused = door.generate(access, [ADULT])

    assert [type(each) for each in taken] == [Tokens, Tokens]
    assert isinstance(refused, Refused)
    assert refused.why == Why.THROTTLED
    assert refused.retry_after in range(20, 31)


def test_identifiers_are_counted_together(limited_service: Service, issuer: Issuer, door_name: str) -> None:
    access = access_of(issuer, client_id=f"identifiers-{door_name}")
    with both_doors(limited_service, door_name) as (door, other):
        first = other.generate(access, CROWD[:10])

        second = door.query_status(access, CROWD[:5])

    assert isinstance(first, Tokens)
    assert isinstance(second, Refused)
    assert second.why == Why.THROTTLED
    assert second.retry_after in range(20, 31)


def test_what_is_too_large_is_not_read(limited_service: Service, issuer: Issuer, door_name: str) -> None:
    access = access_of(issuer, client_id=f"bytes-{door_name}")
    with open_door(door_name, limited_service) as door:
        few = door.generate(access, CROWD[:5])

        many = door.generate(access, CROWD[:60])

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
def test_without_its_database_it_says_when_to_try_again(
    lost_service: Service, access: Access, door_name: str
) -> None:
    with open_door(door_name, lost_service) as door:
        refused = door.generate(access, [ADULT])

    assert refused == Refused(Why.UNAVAILABLE, retry_after=2)


@pytest.fixture(scope="module")
def narrow_service(
    environments: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, str]]:
    """Run a service on PostgreSQL that has one request in work at once; give the URL of its database, too."""
    environment = {**environments("postgresql"), "INVITATIONS_MAX_CONCURRENT_REQUESTS": "1"}
    with running_service(environment, tmp_path_factory.mktemp("narrow") / "log", grpc=True) as service:
        yield service, environment["INVITATIONS_DATABASE_URL"]


@pytest.mark.full
def test_places_in_work_are_shared(
    narrow_service: tuple[Service, str], access: Access, door_name: str
) -> None:
    service, url = narrow_service
    with both_doors(service, door_name) as (door, other):
        refused, held_up = asyncio.run(while_held_up(url, other, door, access))
        afterwards = door.generate(access, [ADULT])

    assert refused == Refused(Why.UNAVAILABLE, retry_after=2)
    assert isinstance(held_up, Tokens)
    assert isinstance(afterwards, Tokens)


async def while_held_up(url: str, other: Door, door: Door, access: Access) -> tuple[object, object]:
    """Call through the one door while a call through the other one waits for the database."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor() as threads:

        def calling(through: Door) -> Callable[[], object]:
            return lambda: through.generate(access, [ADULT])

        async with locked(url, "patient_identifier"), watching(url) as backends:
            held_up = loop.run_in_executor(threads, calling(other))
            await backends.wait_for_locks(1)
            refused = await loop.run_in_executor(threads, calling(door))
        return refused, await held_up
