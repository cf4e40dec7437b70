"""Databases of one kind for the tests: empty, migrated, or with patients.

Migrating a database, and bringing people in, is done once; the others are copies.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from adapters.sql.connect import connect
from adapters.sql.schema import Schema
from entrypoints.container import Container
from entrypoints.settings import read_settings
from tests.integration.http.support.people import bring_in


class NewDatabaseUrl(Protocol):
    """Creates a database, empty or as a copy of an unused one, and returns its URL."""

    def __call__(self, copied_url: str | None = None) -> str: ...


class Databases:
    """Databases that no other test uses, on a server that many tests share."""

    def __init__(self, new_url: NewDatabaseUrl) -> None:
        self._new_url = new_url

    def __call__(self) -> str:
        """Give the URL of an empty database."""
        return self._new_url()

    def migrated_url(self) -> str:
        """Give the URL of a migrated database without a row."""
        return self._new_url(self._migrated)

    def peopled_url(self) -> str:
        """Give the URL of a database with the hospitals and patients of the suite."""
        return self._new_url(self._peopled)

    @cached_property
    def _migrated(self) -> str:
        return self._prepared(_migrate)

    @cached_property
    def _peopled(self) -> str:
        return self._prepared(_bring_people_in)

    def _prepared(self, prepare: Callable[[str], Awaitable[None]]) -> str:
        url = self._new_url()

        async def run() -> None:
            await prepare(url)

        # in a new thread, because the caller may run in an event loop
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(lambda: asyncio.run(run())).result()
        return url


def sqlite_files(directory: Path) -> NewDatabaseUrl:
    """Make a function that creates databases in a directory."""
    numbers = count(1)

    def new_url(copied_url: str | None = None) -> str:
        file = directory / f"{next(numbers)}.db"
        if copied_url is not None:
            shutil.copyfile(make_url(copied_url).database or "", file)
        return f"sqlite+aiosqlite:///{file}"

    return new_url


async def _migrate(url: str) -> None:
    database = connect(make_url(url))
    await Schema(database).upgrade()
    await database.close()


async def _bring_people_in(url: str) -> None:
    settings = read_settings({"INVITATIONS_DATABASE_URL": url}, to_serve=False).unwrap()
    await bring_in(Container(settings=settings))
