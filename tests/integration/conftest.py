"""Shared fixtures: databases, services on them, and commands in this process."""

import base64
import secrets
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from entrypoints.cli import main
from tests.integration import postgresql
from tests.integration.commands.shell import Outcome
from tests.integration.databases import Databases, sqlite_files
from tests.integration.http.support.issuer import AUDIENCE, ISSUER, Issuer
from tests.integration.service import Service, running_service

_INTEGRATION = Path(__file__).parent
_ONLY_IN_WHOLE_RUNS = {"deploy", "faults", "newcomer", "release"}
"""Folders whose tests kill servers, run other programs, or take an operator's whole way."""


def pytest_report_header() -> str:
    """Say which PostgreSQL the tests use."""
    return f"PostgreSQL: {postgresql.source()}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark the tests of whole folders."""
    for item in items:
        if _ONLY_IN_WHOLE_RUNS & {part.name for part in item.path.parents if _INTEGRATION in part.parents}:
            item.add_marker(pytest.mark.full)


@pytest.fixture(scope="session", autouse=True)
def _processes_can_be_interrupted() -> None:
    """Restore SIGINT for child processes, which a shell ignores in background jobs."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Databases]]:
    """Start a server of each kind when a test first needs it, and keep it until the end."""
    with ExitStack() as servers:

        @cache
        def of(kind: str) -> Databases:
            if kind == "sqlite":
                return Databases(sqlite_files(tmp_path_factory.mktemp("sqlite")))
            return Databases(servers.enter_context(postgresql.new_databases()))

        yield of


@pytest.fixture(scope="session")
def sqlite(databases: Callable[[str], Databases]) -> Databases:
    return databases("sqlite")


@pytest.fixture(scope="session")
def postgresql_server(databases: Callable[[str], Databases]) -> Databases:
    return databases("postgresql")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest, databases: Callable[[str], Databases]) -> Databases:
    """Make an empty database at each call and give its URL: the tests run once on each kind of database."""
    return databases(request.param)


@pytest.fixture
def database_url(new_database_url: Databases) -> str:
    """Give the URL of an empty database that no other test uses."""
    return new_database_url()


@pytest.fixture
def migrated_database_url(new_database_url: Databases) -> str:
    """Give the URL of a migrated database that no other test uses."""
    return new_database_url.migrated_url()


@pytest.fixture(scope="session")
def peopled_database_url(sqlite: Databases) -> str:
    """Give the URL of a database that services share whose tests do not depend on the kind of database."""
    return sqlite.peopled_url()


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def lost_environment(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give the settings of a service whose database cannot be reached."""
    directory = tmp_path_factory.mktemp("environment")
    issuer.publish(directory / "jwks.json")
    return {
        "INVITATIONS_DATABASE_URL": f"sqlite+aiosqlite:///{directory}/missing/file.db",
        "INVITATIONS_ISSUER": ISSUER,
        "INVITATIONS_JWKS": f"{directory}/jwks.json",
        "INVITATIONS_AUDIENCE": AUDIENCE,
        "INVITATIONS_TOKEN_KEYS": f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }


@pytest.fixture(scope="session", params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """Name the kind of database that the service is on: SQLite, unless a test runs `ON_EACH_DATABASE`."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def environments(
    databases: Callable[[str], Databases], lost_environment: Mapping[str, str]
) -> Callable[[str], Mapping[str, str]]:
    """Give the settings of a service on a kind of database that has all it needs."""
    return cache(lambda kind: {**lost_environment, "INVITATIONS_DATABASE_URL": databases(kind).peopled_url()})


@pytest.fixture(scope="session")
def services(
    environments: Callable[[str], Mapping[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Service]]:
    """Start a service on a kind of database when a test first needs it, and keep it until the end."""
    with ExitStack() as running:

        @cache
        def on(kind: str) -> Service:
            log = tmp_path_factory.mktemp("service") / "log"
            return running.enter_context(running_service(environments(kind), log, grpc=True))

        yield on


@pytest.fixture
def bare_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Make a runner of commands in this process, which saves the time of a new process."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, settings: Mapping[str, str] | None = None) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["invitations", *arguments])
        for name, text in (settings or {}).items():
            monkeypatch.setenv(name, text)
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Outcome(int(left.value.code or 0), captured.out, captured.err)

    return run
