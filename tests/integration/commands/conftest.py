"""A database that is ready, and commands that work on it."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.organisations import SqlOrganisationRepository
from tests.builders import HOSPITAL, OTHER_HOSPITAL, an_organisation
from tests.integration.commands.shell import Outcome


@pytest.fixture
def ready_url(migrated_database_url: str) -> str:
    """Give the URL of a migrated database that knows two hospitals."""
    asyncio.run(_prepare(migrated_database_url))
    return migrated_database_url


async def _prepare(url: str) -> None:
    database = connect(make_url(url))
    for organisation_id in (HOSPITAL, OTHER_HOSPITAL):
        await SqlOrganisationRepository(database).add(an_organisation(organisation_id))
    await database.close()


@pytest.fixture
def command(
    ready_url: str, bare_command: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    """Make the same runner on a migrated database."""
    monkeypatch.setenv("INVITATIONS_DATABASE_URL", ready_url)
    return bare_command
