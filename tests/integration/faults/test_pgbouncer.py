"""Behind PgBouncer in transaction mode, an import runs beside calls, and no call fails.

This needs PgBouncer, on the PATH or where TEST_PGBOUNCER says: the first that can do what a test asks for.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec import Struct
from sqlalchemy import make_url

from tests.integration.embedded_postgresql import EmbeddedPostgresql
from tests.integration.faults.support.backends import watching
from tests.integration.faults.support.import_command import Ended, importing, known_among, write_csv
from tests.integration.faults.support.invitation_records import InvitationRecords
from tests.integration.faults.support.load import BATCH, Calls, load
from tests.integration.http.support.issuer import Issuer
from tests.integration.lacking import lacking
from tests.integration.service import free_port, running_service
from tests.integration.unprivileged import unprivileged

TRACKS_STATEMENTS = (1, 21)
"""The version from which on it tracks prepared statements."""

CONNECTIONS = 3
"""To PostgreSQL: fewer than one worker has to PgBouncer."""

IMPORTED = range(40_001, 60_001)
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={upstream} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
logfile = {directory}/pgbouncer.log
{setting}
"""

_CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class Way(Struct, frozen=True):
    """A parameter of the service's URL, and a setting of PgBouncer from a version on, that go together."""

    parameter: str = ""
    setting: str = ""
    since: tuple[int, ...] = ()


WITHOUT_PREPARED = Way(parameter="prepared_statement_cache_size=0")
WITH_PREPARED = Way(setting="max_prepared_statements = 100", since=TRACKS_STATEMENTS)


class Observed(Struct, frozen=True):
    """The calls, the end of the import, and the number of connections that PostgreSQL had."""

    calls: Calls
    ended: Ended
    connections: int


def _installed(since: tuple[int, ...]) -> str:
    programs = filter(None, (shutil.which("pgbouncer"), os.environ.get("TEST_PGBOUNCER")))
    found = next((program for program in programs if _version(program) >= since), None)
    if found is None:
        wanted = f"PgBouncer {'.'.join(map(str, since))} or newer" if since else "PgBouncer"
        lacking(f"needs {wanted}: apt-get install pgbouncer, or set TEST_PGBOUNCER to the path of one")
    return found


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


@contextmanager
def running_pgbouncer(upstream: int, way: Way) -> Iterator[int]:
    """Run PgBouncer in transaction mode before a server, and give its port."""
    program, port = _installed(way.since), free_port()
    with TemporaryDirectory(prefix="invitations-pgbouncer-") as name:
        directory = Path(name)
        directory.chmod(0o777)
        file = directory / "pgbouncer.ini"
        values = {"upstream": upstream, "port": port, "directory": directory, "setting": way.setting}
        file.write_text(CONFIGURATION.format(connections=CONNECTIONS, **values))
        process = subprocess.Popen(unprivileged([program, "--quiet", str(file)]))
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("PgBouncer did not start")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(WITHOUT_PREPARED, id="without-prepared-statements"),
        pytest.param(WITH_PREPARED, id="with-prepared-statements"),
    ],
)
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


@pytest.fixture(scope="module")
def environment(way: Way, new_environment: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Give the settings of a service that reaches its database without PgBouncer."""
    return new_environment()


@pytest.fixture(scope="module")
async def observed(
    way: Way,
    environment: Mapping[str, str],
    postgresql: EmbeddedPostgresql,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Observed:
    direct, directory = environment["INVITATIONS_DATABASE_URL"], tmp_path_factory.mktemp("pgbouncer")
    file = write_csv(directory / "patients.csv", IMPORTED)
    with running_pgbouncer(postgresql.port, way) as port:
        pooled = make_url(direct).set(port=port).update_query_string(way.parameter)
        behind = {**environment, "INVITATIONS_DATABASE_URL": f"{pooled}"}
        with running_service(behind, directory / "log") as service:
            async with load(service, issuer) as calls, watching(direct) as backends:
                await calls.succeed(50)
                with importing(file, behind) as running:
                    ended = await running.end()
                await calls.succeed(50)
                # PgBouncer keeps the connections that it has opened
                connections = await backends.fetch_number(_CONNECTIONS)
    return Observed(calls, ended, connections)


def test_no_call_fails_beside_an_import(observed: Observed) -> None:
    assert set(observed.calls.statuses) == {200}


async def test_the_import_stores_every_patient(observed: Observed, environment: Mapping[str, str]) -> None:
    rows = f"{len(IMPORTED):,}"

    assert observed.ended == Ended(0, f"Imported {rows} of {rows} rows; 0 said nothing new.\n")
    assert await known_among(environment, IMPORTED) == [*IMPORTED]


async def test_every_answered_batch_is_stored_whole(
    observed: Observed, environment: Mapping[str, str]
) -> None:
    records = InvitationRecords(environment)

    assert await records.entries() == records.answered(observed.calls.answers)
    assert set((await records.requests()).values()) == {BATCH}


def test_all_share_the_few_connections_of_pgbouncer(observed: Observed) -> None:
    assert 0 < observed.connections <= CONNECTIONS
