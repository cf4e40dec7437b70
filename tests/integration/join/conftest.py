"""The page of a service, over a use case whose answers a test sets."""

from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import pytest
from dependency_injector import providers

from adapters.http.app import JoinPage
from adapters.http.join.routes import JoinRoutes
from entrypoints.container import Container
from tests.fakes.claims import FixedClaims
from tests.integration.http.support.captured_log import CapturedLog, captured_log
from tests.integration.http.support.in_process import client_of, keep_in_memory, open_container
from tests.integration.join.typed import CLOCK, PORTAL, PROXIES


@pytest.fixture
def claims() -> FixedClaims:
    return FixedClaims()


@pytest.fixture
async def container(lost_environment: Mapping[str, str], claims: FixedClaims) -> AsyncIterator[Container]:
    async with open_container({**lost_environment, "INVITATIONS_PORTAL_URL": PORTAL}) as container:
        await keep_in_memory(container)
        routes = JoinRoutes(PORTAL, claims, CLOCK, PROXIES, lambda: 0)
        page = JoinPage(routes.handlers(), routes.refuse_unread, routes.forms)
        container.http.join_page.override(providers.Object(page))
        yield container


@pytest.fixture
async def client(container: Container) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(container.http.app(), judged=False) as client:
        yield client


@pytest.fixture
def log() -> Iterator[CapturedLog]:
    with captured_log() as log:
        yield log
