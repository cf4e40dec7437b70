"""Every error is reported by one line and the exit code."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from dependency_injector import providers
from sqlalchemy import text

from adapters.csv.patients import HEADER
from entrypoints.command_container import CommandContainer
from tests.builders import HOSPITAL, an_nhs_number
from tests.integration.commands.shell import Outcome, invitations
from tests.integration.http.support.broken import Buggy
from tests.integration.sql.revisions import NEWEST
from tests.integration.sql.rows import rows

UNKNOWN = "00000000-0000-4000-8000-000000000000"
NIL = "00000000-0000-0000-0000-000000000000"
SECRET = "c2VjcmV0"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param(["frob"], "No such command 'frob'.", id="no-such-command"),
        pytest.param(["clients", "frob"], "No such command 'frob'.", id="no-such-subcommand"),
        pytest.param(["clients", "grant"], "Missing argument 'CLIENT_ID'.", id="argument-missing"),
        pytest.param(["organisations", "add", UNKNOWN], "Missing option '--name'.", id="option-missing"),
        pytest.param(["clients", "list", "--all"], "No such option '--all'.", id="no-such-option"),
        pytest.param(
            ["patients", "import", "nowhere.csv", "--organisation", str(HOSPITAL)],
            "Invalid value for 'FILE': File 'nowhere.csv' does not exist.",
            id="no-such-file",
        ),
        pytest.param(
            ["patients", "import", "/", "--organisation", str(HOSPITAL)],
            "Invalid value for 'FILE': File '/' is a directory.",
            id="file-is-a-directory",
        ),
        pytest.param(
            ["serve", "--port", "0"],
            "Invalid value for '--port': 0 is not in the range 1<=x<=65535.",
            id="port-out-of-range",
        ),
        pytest.param(
            ["serve", "--workers", "0"],
            "Invalid value for '--workers': 0 is not in the range x>=1.",
            id="no-workers",
        ),
    ],
)
def test_a_misused_command_is_answered_in_a_line(
    bare_command: Callable[..., Outcome], arguments: list[str], error: str
) -> None:
    assert bare_command(*arguments) == Outcome(2, "", f"invitations: {error}\n")


def test_a_pipe_is_refused_because_a_file_of_patients_is_read_more_than_once(
    bare_command: Callable[..., Outcome], tmp_path: Path
) -> None:
    pipe = tmp_path / "patients.csv"
    os.mkfifo(pipe)

    refused = bare_command("patients", "import", str(pipe), "--organisation", str(HOSPITAL))

    problem = "it is read more than once: give a file, not a pipe or a device"
    assert refused == Outcome(2, "", f"invitations: Invalid value for 'FILE': {problem}\n")


def test_no_organisation_is_added_under_the_uuid_of_zeros(command: Callable[..., Outcome]) -> None:
    added = command("organisations", "add", NIL, "--name", "All")

    problem = "Invalid value for UUID: the UUID of zeros stands for no organisation; take another"
    assert added == Outcome(2, "", f"invitations: {problem}\n")


def test_an_unknown_grant_cannot_be_revoked_by_command(command: Callable[..., Outcome]) -> None:
    outcome = command("clients", "revoke", "mail-house", str(HOSPITAL))

    problem = f"client mail-house had no grant for organisation {HOSPITAL}"
    assert outcome == Outcome(1, "", f"invitations: {problem}\n")


def test_an_upgrade_of_the_newest_revision_succeeds(command: Callable[..., Outcome]) -> None:
    assert command("db", "upgrade") == Outcome(0, f"The database is at revision {NEWEST}.\n", "")


@pytest.mark.parametrize("arguments", [[], ["clients"], ["db"]], ids=["none", "clients", "db"])
def test_half_a_command_is_answered_with_help(
    bare_command: Callable[..., Outcome], arguments: list[str]
) -> None:
    outcome = bare_command(*arguments)

    assert (outcome.code, outcome.output) == (2, "")
    assert outcome.error.startswith("Usage: ")


def test_wrong_settings_are_named_a_line_each_without_their_values(
    bare_command: Callable[..., Outcome],
) -> None:
    settings = {
        "INVITATIONS_DATABASE_URL": f"mysql://root:{SECRET}@127.0.0.1/x",
        "INVITATIONS_MINIMUM_AGE": SECRET,
        "INVITATIONS_LOG_LEVEL": SECRET,
        "INVITATIONS_TOKEN_KEYS": f"new:{SECRET}",
    }

    outcome = bare_command("serve", settings=settings)

    lines = outcome.error.splitlines()
    assert (outcome.code, outcome.output) == (2, "")
    assert {line.split()[1] for line in lines} == {*settings, "INVITATIONS_ISSUER"}
    assert len(lines) == 5
    assert SECRET not in outcome.error


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["organisations", "add", UNKNOWN, "--name", "X"], id="organisations-add"),
        pytest.param(["clients", "grant", "mail-house", str(HOSPITAL)], id="clients-grant"),
        pytest.param(["clients", "revoke", "mail-house", str(HOSPITAL)], id="clients-revoke"),
        pytest.param(["clients", "list"], id="clients-list"),
        pytest.param(
            ["patients", "import", "patients.csv", "--organisation", str(HOSPITAL)],
            id="patients-import",
        ),
        pytest.param(["purge", "--expired-before", "2026-01-01"], id="purge"),
    ],
)
def test_commands_refuse_a_database_that_is_not_migrated(
    command: Callable[..., Outcome], ready_url: str, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "patients.csv").touch()
    asyncio.run(_set_revision(ready_url, "0003"))

    outcome = command(*arguments)

    assert outcome == Outcome(
        1,
        "",
        f"invitations: the database is at revision 0003 and this release wants {NEWEST}: "
        "run `invitations db upgrade`\n",
    )


async def _set_revision(url: str, revision: str) -> None:
    await rows(url, text(f"UPDATE alembic_version SET version_num = '{revision}'"))


def test_a_database_of_a_newer_release_that_serves_this_one_needs_no_upgrade(
    command: Callable[..., Outcome], ready_url: str
) -> None:
    asyncio.run(_set_revision(ready_url, "9999"))

    outcomes = [command("db", "upgrade"), command("clients", "list")]

    assert outcomes == [Outcome(0, "The database is at revision 9999.\n", ""), Outcome(0, "", "")]


def test_a_database_that_only_newer_releases_run_on_is_not_upgraded(
    command: Callable[..., Outcome], ready_url: str
) -> None:
    asyncio.run(_set_revision(ready_url, "9999"))
    asyncio.run(rows(ready_url, text("UPDATE schema_compatibility SET oldest_served = '9999'")))

    outcome = command("db", "upgrade")

    assert outcome == Outcome(
        1,
        "",
        "invitations: the database is at revision 9999, which serves releases from revision 9999 on, "
        f"and this release is of {NEWEST}: run a newer release; nothing was changed\n",
    )


@pytest.mark.parametrize(
    "arguments", [["clients", "list"], ["db", "upgrade"]], ids=["clients-list", "db-upgrade"]
)
@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite+aiosqlite:////nowhere/at/all.db", id="no-such-directory"),
        pytest.param("sqlite+aiosqlite:////dev/null", id="no-file"),
        pytest.param(f"postgresql+asyncpg://someone:{SECRET}@127.0.0.1:9/x", id="nobody-listens"),
    ],
)
def test_an_unreachable_database_is_reported_in_one_line(
    bare_command: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, url: str, arguments: list[str]
) -> None:
    monkeypatch.setenv("INVITATIONS_DATABASE_URL", url)

    outcome = bare_command(*arguments)

    assert (outcome.code, outcome.output, len(outcome.error.splitlines())) == (1, "", 1)
    assert outcome.error.startswith("invitations: ")
    assert SECRET not in outcome.error


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["organisations", "add", UNKNOWN, "--name", b"caf\xe9"], id="name"),
        pytest.param(["clients", "grant", b"caf\xe9", str(HOSPITAL)], id="client", marks=pytest.mark.full),
    ],
)
def test_an_argument_that_is_not_utf_8_is_refused_in_a_line(
    tmp_path: Path, arguments: list[str | bytes]
) -> None:
    outcome = invitations(tmp_path, *arguments)

    assert (outcome.code, outcome.output, len(outcome.error.splitlines())) == (2, "", 1)


@pytest.mark.parametrize(
    "client_id",
    [pytest.param("", id="empty"), pytest.param("a\tb", id="tab"), pytest.param("mail house", id="space")],
)
def test_a_client_that_no_access_token_can_name_is_refused(
    bare_command: Callable[..., Outcome], client_id: str
) -> None:
    outcome = bare_command("clients", "grant", client_id, str(HOSPITAL))

    assert (outcome.code, outcome.output, len(outcome.error.splitlines())) == (2, "", 1)


def test_an_organisation_without_a_name_is_refused(bare_command: Callable[..., Outcome]) -> None:
    outcome = bare_command("organisations", "add", UNKNOWN, "--name", "")

    assert (outcome.code, outcome.output, len(outcome.error.splitlines())) == (2, "", 1)


def test_an_output_that_cannot_be_written_is_reported_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "output").touch()
    with (tmp_path / "output").open("r") as only_to_read:
        process = subprocess.run(
            [sys.executable, "-m", "entrypoints", "--version"],
            cwd=tmp_path,
            stdout=only_to_read,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (process.returncode, len(process.stderr.splitlines())) == (1, 1)


def test_a_bug_is_reported_in_one_line_without_its_message(
    command: Callable[..., Outcome], tmp_path: Path
) -> None:
    number = an_nhs_number()
    (tmp_path / "p.csv").write_text(f"{','.join(HEADER)}\n{number},,,,,\n")

    with CommandContainer.storage.patient_ids.override(
        providers.Object(Buggy(RuntimeError(f"nobody is {number}")))
    ):
        outcome = command("patients", "import", "p.csv", "--organisation", str(HOSPITAL))

    assert (outcome.code, outcome.output, len(outcome.error.splitlines())) == (1, "", 1)
    assert "RuntimeError" in outcome.error
    assert "broken.py" in outcome.error
    assert number not in outcome.error


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp437"])
def test_a_terminal_that_is_not_utf_8_gets_plain_lines(
    command: Callable[..., Outcome], encoding: str
) -> None:
    name = "Zo\N{LATIN SMALL LETTER L WITH STROKE}a \N{BOX DRAWINGS DOUBLE HORIZONTAL} \N{EM DASH} Hospital"

    outcome = command(
        *("organisations", "add", "5a2f3a5e-61c5-4b9a-8a0f-0d6b5a3f5b11", "--name", name),
        settings={"PYTHONIOENCODING": encoding},
    )

    assert (outcome.code, outcome.error) == (0, "")
    assert outcome.output.startswith("Added organisation ")
    assert outcome.output.endswith("Hospital.\n")
