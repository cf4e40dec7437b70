"""The application closes what it opened."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from dependency_injector import providers
from sqlalchemy import Pool, event

from adapters.http.bodies import AsgiApp, Message
from entrypoints import http_process as asgi
from entrypoints.container import Container
from tests.integration.entrypoints.a_setup import REQUIRED, settings_of


class ClosedOnce:
    """Stands in for something that has to be closed."""

    def __init__(self) -> None:
        self.times_closed = 0

    async def aclose(self) -> None:
        self.times_closed += 1


@asynccontextmanager
async def _running(app: AsgiApp) -> AsyncIterator[None]:
    """Start an application, and stop it after, as a server does.

    Source: https://asgi.readthedocs.io/en/latest/specs/lifespan.html
    """
    received: asyncio.Queue[Message] = asyncio.Queue()
    sent: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    lifespan = asyncio.ensure_future(_started(app, scope, received, sent))
    await received.put({"type": "lifespan.startup"})
    assert (await sent.get())["type"] == "lifespan.startup.complete"
    yield
    await received.put({"type": "lifespan.shutdown"})
    assert (await sent.get())["type"] == "lifespan.shutdown.complete"
    await lifespan


async def _started(
    app: AsgiApp, scope: dict[str, Any], received: asyncio.Queue[Message], sent: asyncio.Queue[Message]
) -> None:
    await app(scope, received.get, sent.put)


@pytest.fixture
def open_connections() -> Iterator[set[int]]:
    """Count the open connections."""
    connections: set[int] = set()

    def opened(connection: object, _entry: object) -> None:
        connections.add(id(connection))

    def closed(connection: object, _entry: object) -> None:
        connections.discard(id(connection))

    event.listen(Pool, "connect", opened)
    event.listen(Pool, "close", closed)
    yield connections
    event.remove(Pool, "connect", opened)
    event.remove(Pool, "close", closed)


@pytest.fixture
async def container(migrated_database_url: str) -> Container:
    return Container(settings=settings_of({"INVITATIONS_DATABASE_URL": migrated_database_url}))


async def test_connections_are_opened_by_use_and_closed_at_the_end(
    container: Container, open_connections: set[int]
) -> None:
    app = container.http.app()
    async with _running(app):
        at_start = len(open_connections)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            ready = await client.get("/health/ready")
        in_use = len(open_connections)

    assert (ready.status_code, at_start, in_use > 0) == (200, 0, True)
    assert open_connections == set()


@pytest.mark.parametrize("client", ["signing_keys", "introspection", "issuer_description"])
async def test_the_client_of_the_issuer_is_closed_at_the_end(container: Container, client: str) -> None:
    closed_once = ClosedOnce()
    getattr(container.security, client).override(providers.Object(closed_once))

    async with _running(container.http.app()):
        closed_while_running = closed_once.times_closed

    assert (closed_while_running, closed_once.times_closed) == (0, 1)


@pytest.mark.parametrize(
    ("settings", "problems"),
    [
        pytest.param(
            {}, ["INVITATIONS_ISSUER is required", "INVITATIONS_TOKEN_KEYS is required"], id="missing"
        ),
        pytest.param(
            {**REQUIRED, "INVITATIONS_MINIMUM_AGE": "x"},
            ["INVITATIONS_MINIMUM_AGE is not a whole number from 0"],
            id="wrong",
        ),
    ],
)
def test_the_process_does_not_start_with_wrong_settings(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], problems: list[str]
) -> None:
    for name, text in settings.items():
        monkeypatch.setenv(name, text)

    with pytest.raises(SystemExit) as refused:
        asgi.create_app()

    assert str(refused.value).splitlines() == problems
