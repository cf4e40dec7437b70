"""Everything is put together in one place, which opens nothing before it is used."""

from pathlib import Path

import pytest

from entrypoints.container import Container
from tests.integration.entrypoints.a_setup import REQUIRED, settings_of
from tests.integration.entrypoints.watched import seen_while_running

RESOLVE_ALL = """
from entrypoints.container import Container
from entrypoints.settings import read_settings

container = Container(settings=read_settings({settings!r}, to_serve=True).unwrap())
resolved = [provider() for provider in container.providers.values()]
assert len(resolved) > 20
"""


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite+aiosqlite:///x.db", id="sqlite"),
        pytest.param("postgresql+asyncpg://nobody@127.0.0.1:9/x", id="postgresql"),
    ],
)
def test_every_part_is_made_without_opening_anything(tmp_path: Path, url: str) -> None:
    settings = {**REQUIRED, "INVITATIONS_DATABASE_URL": url}

    seen = seen_while_running(RESOLVE_ALL.format(settings=settings), tmp_path)

    assert seen == []
    assert [*tmp_path.iterdir()] == []


def test_the_minimum_age_is_the_one_that_is_set() -> None:
    container = Container(settings=settings_of({"INVITATIONS_MINIMUM_AGE": "18"}))

    assert container.eligibility_policy().minimum_age == 18


def test_a_part_is_made_once() -> None:
    container = Container(settings=settings_of({}))

    assert container.database() is container.database()


def test_two_containers_share_nothing() -> None:
    one, other = (Container(settings=settings_of({})) for _ in range(2))

    assert one.database() is not other.database()
