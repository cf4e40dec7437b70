"""Every command that an operator runs on a database, with files and settings that hold secrets."""

import asyncio
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from sqlalchemy import update

from adapters.csv.patients import HEADER
from adapters.sql.tables import audit_event, command_event
from entrypoints.cli import main
from tests.builders import an_nhs_number
from tests.integration.commands.shell import ended, started
from tests.integration.http.support.exposure import Exposure
from tests.integration.http.support.issuer import CLIENT_ID
from tests.integration.http.support.people import HOSPITAL, UNKNOWN
from tests.integration.sql.rows import rows

_LONG_AGO = datetime(2026, 2, 1, tzinfo=UTC)

NUMBER = an_nhs_number(29_000)
BORN = "1953-11-17"

_COLUMNS = ",".join(HEADER)
_BAD_NUMBER = f"{NUMBER[:-1]}X"
_GOOD = "good.csv"
_FILES = {
    _GOOD: [_COLUMNS, f"{NUMBER},,,{BORN},,"],
    "bad.csv": [
        _COLUMNS,
        f"{_BAD_NUMBER},,,{BORN},,",
        f"{NUMBER},,,{BORN}X,,",
        f"{NUMBER},{BORN}",
        f'{NUMBER},"{BORN}',
    ],
    "headless.csv": [f"{NUMBER},,,{BORN},,"],
    "bad.ndjson": [f'{{"identifier":"{NUMBER}"}}', f'{{"birthDate":"{BORN}"', NUMBER],
}


def _write_files(exposure: Exposure, directory: Path) -> None:
    exposure.hide("patient identifiers", NUMBER, _BAD_NUMBER)
    exposure.hide("dates of birth", BORN)
    for name, lines in _FILES.items():
        (directory / name).write_text("".join(f"{line}\n" for line in lines))


def _import(directory: Path, name: str) -> tuple[str, ...]:
    return ("patients", "import", str(directory / name), "--organisation", str(HOSPITAL))


def _commands(directory: Path) -> Iterator[tuple[str, ...]]:
    yield from (_import(directory, name) for name in _FILES)
    yield ("db", "upgrade")
    yield ("organisations", "add", str(UNKNOWN), "--name", "Another hospital")
    yield ("clients", "grant", "another", str(HOSPITAL))
    yield ("clients", "grant-redemption", "another")
    yield ("clients", "list")
    yield ("clients", "revoke-redemption", "another")
    yield ("clients", "revoke", "another", str(HOSPITAL))
    yield ("clients", "revoke", CLIENT_ID, str(UNKNOWN))
    yield ("purge", "--expired-before", "2026-01-31")
    yield ("audit", "export", "--since", "2026-01-31")


def run_commands(exposure: Exposure, directory: Path, settings: Mapping[str, str]) -> list[int]:
    """Run all commands in this process, which spares the time that processes take; give the exit codes."""
    _write_files(exposure, directory)
    codes = []
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("INVITATIONS_")]:
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        for command in _commands(directory):
            patch.setattr(sys, "argv", ["invitations", *command])
            if command[0] == "audit":
                asyncio.run(_let_events_settle(settings["INVITATIONS_DATABASE_URL"]))
            code, output, error = _run()
            exposure.show("what commands say", output, error)
            if command[0] == "audit":
                exposure.show_audit_export(output)
            codes.append(code)
    return codes


async def _let_events_settle(url: str) -> None:
    """Make all events older than the last minute, whose events are not exported."""
    # the database may be away, which is what the commands are to say
    with suppress(OSError):
        for table in (audit_event, command_event):
            await rows(url, update(table).values(recorded_at=_LONG_AGO))


def _run() -> tuple[int, str, str]:
    output, error = (TextIOWrapper(BytesIO(), "utf-8") for _ in range(2))
    with redirect_stdout(output), redirect_stderr(error):
        code = _exit_code()
    return code, _text_of(output), _text_of(error)


def _text_of(written: TextIOWrapper) -> str:
    written.seek(0)
    return written.read()


def _exit_code() -> int:
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it is, the interpreter would print it
        traceback.print_exc()
    return 1


def run_in_a_process(exposure: Exposure, directory: Path, settings: Mapping[str, str]) -> int:
    """Import patients in a process of its own; give the exit code."""
    process = started(directory, *_import(directory, _GOOD), settings=settings)
    exposure.show_processes(process.pid)
    outcome = ended(process)
    exposure.show("what commands say", outcome.output, outcome.error)
    return outcome.code
