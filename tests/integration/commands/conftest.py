"""A database that is ready, and commands that work on it."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.schema import Schema
from entrypoints.cli import main
from tests.builders import HOSPITAL, OTHER_HOSPITAL, an_organisation
from tests.integration.commands.shell import Outcome


@pytest.fixture
def ready_url(database_url: str) -> str:
    """Give the URL of a migrated database that knows two hospitals."""
    asyncio.run(_prepare(database_url))
    return database_url


async def _prepare(url: str) -> None:
    database = connect(make_url(url))
    await Schema(database).upgrade()
    for organisation_id in (HOSPITAL, OTHER_HOSPITAL):
        await SqlOrganisationRepository(database).add(an_organisation(organisation_id))
    await database.close()


@pytest.fixture
def bare_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Give what runs a command in this process, which spares the seconds that a process takes to start."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["invitations", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return Outcome(int(left.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def command(
    ready_url: str, bare_command: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Give what runs a command, likewise, on a database that is ready."""
    monkeypatch.setenv("INVITATIONS_DATABASE_URL", ready_url)
    return bare_command
