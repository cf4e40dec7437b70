"""Starts everything that one run measures."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct

from benchmarks import server_process
from benchmarks.access import Access
from benchmarks.before import DATABASE as BEFORE_DATABASE
from benchmarks.before import Before
from benchmarks.database_server import DatabaseServer
from benchmarks.first_floor import FirstFloor
from benchmarks.floor import Floor
from benchmarks.http_subject import HttpSubject, IdempotentHttpSubject, StatusQuerySubject
from benchmarks.plan import DATABASE, Plan, database_of
from benchmarks.population import populate_postgresql, populate_sqlite
from benchmarks.releases import BENCH_OF_2026_11_22, Release
from benchmarks.sqlite_floor import SqliteFloor
from benchmarks.subject import Subject
from benchmarks.use_case import UseCase

FLOOR = "floor"
USE_CASE = "use case"
SERVICE = "service"
SERVICE_2 = "service, 2 workers"
SERVICE_4 = "service, 4 workers"
TWO_SERVICES = "2 services of 1 worker"
WITH_KEY = "service, with Idempotency-Key"
STATUS_QUERY = "status query"
PEER = "peer"
BEFORE = "before"
BEFORE_WITH_KEY = "before, with Idempotency-Key"
BEFORE_STATUS_QUERY = "before, status query"
FIRST_FLOOR = "floor of 2026-11-22"
SQLITE_FLOOR = "floor, SQLite"
SQLITE = "service, SQLite"


COMPARED = {SERVICE: BEFORE, WITH_KEY: BEFORE_WITH_KEY, STATUS_QUERY: BEFORE_STATUS_QUERY, FLOOR: FIRST_FLOOR}
"""The subjects that are compared with the release before, and their counterparts."""


def service_on(rows: int) -> str:
    """Name the service on a database of another size."""
    return f"service, {rows:,} patients"


class Lineup(Struct, frozen=True):
    """The subjects by name."""

    subjects: Mapping[str, Subject]


async def populate(server: DatabaseServer, directory: Path, plan: Plan) -> None:
    """Fill all databases of a plan."""
    for rows in (plan.rows, *plan.other_sizes):
        await populate_postgresql(server, database_of(plan, rows), rows)
    await populate_sqlite(directory / "invitations.db", plan.sqlite_rows)


@asynccontextmanager
async def lined_up(
    server: DatabaseServer,
    access: Access,
    directory: Path,
    plan: Plan,
    releases: tuple[Release, Before | None],
) -> AsyncIterator[Lineup]:
    """Start all servers, until the block ends."""
    settings = access.settings_on(server.sqlalchemy_url(DATABASE))
    release, before = releases
    with ExitStack() as servers:

        def service(
            settings: Mapping[str, str], workers: int = 1, of: Release = release
        ) -> server_process.ServerProcess:
            log = directory / f"service-{len(list(directory.glob('service-*.log')))}.log"
            return servers.enter_context(server_process.service(of, settings, log, workers))

        peer_settings = {
            "PEER_DATABASE_URL": server.sqlalchemy_url(DATABASE),
            "PEER_KEY": secrets.token_hex(),
        }
        peer = servers.enter_context(server_process.peer(peer_settings, directory / "peer.log"))
        first, second = service(settings), service(settings)
        sqlite_file = directory / "invitations.db"
        sqlite = service(access.settings_on(f"sqlite+aiosqlite:///{sqlite_file}"))
        use_case = UseCase(settings)
        subjects: list[Subject] = [
            Floor(server.url(DATABASE)),
            use_case,
            HttpSubject(SERVICE, access.token, first),
            HttpSubject(SERVICE_2, access.token, service(settings, 2)),
            HttpSubject(SERVICE_4, access.token, service(settings, 4)),
            HttpSubject(TWO_SERVICES, access.token, first, second),
            IdempotentHttpSubject(WITH_KEY, access.token, first),
            StatusQuerySubject(STATUS_QUERY, access.token, first),
            HttpSubject(PEER, access.token, peer),
            SqliteFloor(sqlite_file),
            HttpSubject(SQLITE, access.token, sqlite),
        ]
        for rows in plan.other_sizes:
            other = service(access.settings_on(server.sqlalchemy_url(database_of(plan, rows))))
            subjects.append(HttpSubject(service_on(rows), access.token, other))
        if before is not None:
            subjects += _subjects_before(access, service(before.settings, of=before.release))
            if before.release.name == BENCH_OF_2026_11_22:
                subjects.append(FirstFloor(server.url(BEFORE_DATABASE)))
        async with AsyncExitStack() as closing:
            closing.push_async_callback(use_case.close)
            yield Lineup({subject.name: subject for subject in subjects})


def _subjects_before(access: Access, server: server_process.ServerProcess) -> list[Subject]:
    return [
        HttpSubject(BEFORE, access.token, server),
        IdempotentHttpSubject(BEFORE_WITH_KEY, access.token, server),
        StatusQuerySubject(BEFORE_STATUS_QUERY, access.token, server),
    ]
