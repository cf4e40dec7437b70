"""A database with people in it."""

import asyncio

import pytest

from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.http.support.people import bring_in


@pytest.fixture(scope="session")
def peopled_database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the URL of a database that the services of these tests share."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('people')}/people.db"
    settings = read_settings({"INVITATIONS_DATABASE_URL": url}, to_serve=False).unwrap()
    asyncio.run(bring_in(Container(settings=settings)))
    return url
