"""The databases that the tests run on: fresh and empty ones, and one with people in it."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest

from entrypoints.cli import main
from tests.integration import postgresql
from tests.integration.commands.shell import Outcome
from tests.integration.databases import Databases, sqlite_files

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
    """Give those that tests start the signal back that a shell takes from what runs in its background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(sqlite_files(tmp_path_factory.mktemp("sqlite")))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Databases]:
    """Run one server until the tests end: it is not a parameter, so no change of parameter ends it."""
    with postgresql.new_databases() as new_url:
        yield Databases(new_url)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest) -> Databases:
    """Make an empty database at each call and give its URL: the tests run once on each kind of database."""
    fixture = "sqlite" if request.param == "sqlite" else "postgresql_server"
    return cast("Databases", request.getfixturevalue(fixture))


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


@pytest.fixture
def bare_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Give what runs a command in this process, which spares the seconds that a process takes to start."""
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
