"""What one process gives, it gives once, through whichever doors it is asked."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.doors.door import Access, Door, Refused, Tokens, Why
from tests.integration.doors.setup import DOORS, open_door, populate, settings_on
from tests.integration.faults.support.backends import locked, watching
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import ADULT, CROWD
from tests.integration.postgresql import new_databases
from tests.integration.service import Service, running_service


@contextmanager
def both_doors(environment: Mapping[str, str], log: Path, first: str) -> Iterator[tuple[Door, Door]]:
    """Run a service; give the door of that name, and the other one."""
    (other,) = {*DOORS} - {first}
    with (
        running_service(environment, log, grpc=True) as service,
        open_door(first, service) as one,
        open_door(other, service) as two,
    ):
        yield one, two


def test_calls_are_counted_together(
    sqlite_environment: Mapping[str, str], access: Access, door_name: str, tmp_path: Path
) -> None:
    environment = {**sqlite_environment, "INVITATIONS_MAX_REQUESTS_PER_MINUTE": "1"}
    with both_doors(environment, tmp_path / "log", door_name) as (door, other):
        first = other.generate(access, [ADULT])

        second = door.generate(access, [ADULT])

    assert isinstance(first, Tokens)
    assert isinstance(second, Refused)
    assert second.why == Why.THROTTLED
    assert second.retry_after in range(50, 61)


def test_identifiers_are_counted_together(
    sqlite_environment: Mapping[str, str], access: Access, door_name: str, tmp_path: Path
) -> None:
    environment = {**sqlite_environment, "INVITATIONS_MAX_IDENTIFIERS_PER_MINUTE": "10"}
    with both_doors(environment, tmp_path / "log", door_name) as (door, other):
        first = other.generate(access, CROWD[:10])

        second = door.query_status(access, CROWD[:5])

    assert isinstance(first, Tokens)
    assert isinstance(second, Refused)
    assert second.why == Why.THROTTLED
    assert second.retry_after in range(20, 31)


@pytest.fixture(scope="module")
def small_service(
    sqlite_environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Run a service that takes little at a time."""
    environment = {**sqlite_environment, "INVITATIONS_MAX_BODY_BYTES": "2000"}
    with running_service(environment, tmp_path_factory.mktemp("small") / "log", grpc=True) as running:
        yield running


def test_what_is_too_large_is_not_read(small_service: Service, door_name: str, access: Access) -> None:
    with open_door(door_name, small_service) as door:
        few = door.generate(access, CROWD[:5])

        many = door.generate(access, CROWD[:60])

    assert isinstance(few, Tokens)
    assert many == Refused(Why.TOO_LARGE)


def test_without_its_database_it_says_when_to_try_again(
    sqlite_environment: Mapping[str, str], access: Access, door_name: str, tmp_path: Path
) -> None:
    missing = f"sqlite+aiosqlite:///{tmp_path}/missing/file.db"
    environment = {**sqlite_environment, "INVITATIONS_DATABASE_URL": missing}
    with both_doors(environment, tmp_path / "log", door_name) as (door, _other):
        refused = door.generate(access, [ADULT])

    assert refused == Refused(Why.UNAVAILABLE, retry_after=2)


@pytest.fixture(scope="module")
def narrow_service(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """Run a service on PostgreSQL that has one request in work at once; give the URL of its database, too."""
    directory = tmp_path_factory.mktemp("narrow")
    with new_databases() as new_url:
        environment = settings_on(new_url(), issuer, directory)
        populate(environment)
        environment = {**environment, "INVITATIONS_MAX_CONCURRENT_REQUESTS": "1"}
        with running_service(environment, directory / "log", grpc=True) as service:
            yield service, environment["INVITATIONS_DATABASE_URL"]


def test_places_in_work_are_shared(
    narrow_service: tuple[Service, str], access: Access, door_name: str
) -> None:
    service, url = narrow_service
    (other_name,) = {*DOORS} - {door_name}
    with open_door(door_name, service) as door, open_door(other_name, service) as other:
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
