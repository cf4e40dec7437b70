"""The description of the issuer comes from a cache, so requests never overload the issuer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.oauth.cached_signing_keys import KeyCacheLimits
from adapters.oauth.issuer import CachedAuthorisationServer, IssuerMetadata, configured_issuer_description
from application.ports.access import AuthorisationServer, AuthorisationServerRepository
from application.ports.system import Unavailable
from tests.contracts.authorisation_server_contract import AuthorisationServerContract
from tests.integration.oauth.key_server import Answer, KeyServer
from tests.integration.oauth.stopwatch import IMPATIENT, LIMITS, Stopwatch

METADATA = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"
TOKEN = "https://login.test.invalid/token"
MOST_WAITING = 8


def describe(server: KeyServer, **changes: object) -> None:
    document = {"issuer": server.url, "token_endpoint": TOKEN, "extra": [1], **changes}
    server.answer(METADATA, {name: value for name, value in document.items() if value is not None})


@asynccontextmanager
async def opened(
    issuer: str, stopwatch: Stopwatch, *, jwks: str = "", limits: KeyCacheLimits = LIMITS
) -> AsyncIterator[CachedAuthorisationServer]:
    description = configured_issuer_description(issuer, jwks)
    yield CachedAuthorisationServer(description, stopwatch, limits)
    await description.aclose()


@pytest.fixture
async def directory(key_server: KeyServer, stopwatch: Stopwatch) -> AsyncIterator[CachedAuthorisationServer]:
    describe(key_server)
    async with opened(key_server.url, stopwatch) as directory:
        yield directory


async def token_endpoint_of(directory: AuthorisationServerRepository) -> str | None:
    server = await directory.look_up()
    return server.token_endpoint if server else None


class TestCachedAuthorisationServer(AuthorisationServerContract):
    @pytest.fixture
    def token_endpoint(self) -> str:
        return TOKEN

    @pytest.fixture
    def described(self, directory: CachedAuthorisationServer) -> AuthorisationServerRepository:
        return directory

    @pytest.fixture
    async def undescribed(
        self, key_server: KeyServer, stopwatch: Stopwatch
    ) -> AsyncIterator[AuthorisationServerRepository]:
        async with opened(key_server.url, stopwatch, jwks=key_server.jwks_url) as directory:
            yield directory

    @pytest.fixture
    async def unreachable(self, stopwatch: Stopwatch) -> AsyncIterator[AuthorisationServerRepository]:
        async with opened("http://127.0.0.1:1", stopwatch) as directory:
            yield directory


async def test_an_issuer_is_not_asked_when_a_key_set_is_configured(
    key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    async with opened(key_server.url, stopwatch, jwks=key_server.jwks_url) as directory:
        await directory.look_up()

    assert key_server.requests == []


async def test_everything_that_clients_need_is_read(
    directory: CachedAuthorisationServer, key_server: KeyServer
) -> None:
    describe(
        key_server,
        authorization_endpoint=f"{TOKEN}/authorise",
        introspection_endpoint=f"{TOKEN}/introspect",
        revocation_endpoint=f"{TOKEN}/revoke",
        token_endpoint_auth_methods_supported=["private_key_jwt"],
    )

    server = await directory.look_up()

    assert server == AuthorisationServer(
        token_endpoint=TOKEN,
        authorization_endpoint=f"{TOKEN}/authorise",
        introspection_endpoint=f"{TOKEN}/introspect",
        revocation_endpoint=f"{TOKEN}/revoke",
        token_endpoint_auth_methods=("private_key_jwt",),
    )


async def test_openid_metadata_is_enough(directory: CachedAuthorisationServer, key_server: KeyServer) -> None:
    key_server.answers[OPENID] = key_server.answers.pop(METADATA)

    assert await token_endpoint_of(directory) == TOKEN


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"issuer": "http://elsewhere.test.invalid"}, id="another_issuer"),
        pytest.param({"token_endpoint": None}, id="no_token_endpoint"),
        pytest.param({"token_endpoint": "/token"}, id="no_url"),
        pytest.param({"token_endpoint": 1}, id="no_text"),
        pytest.param({"revocation_endpoint": "javascript:alert(1)"}, id="no_http"),
    ],
)
async def test_misleading_metadata_is_not_passed_on(
    directory: CachedAuthorisationServer, key_server: KeyServer, changes: dict[str, object]
) -> None:
    describe(key_server, **changes)

    with pytest.raises(Unavailable):
        await directory.look_up()


async def test_many_requests_at_once_cause_one_question(
    directory: CachedAuthorisationServer, key_server: KeyServer
) -> None:
    endpoints = await asyncio.gather(*(token_endpoint_of(directory) for _ in range(MOST_WAITING)))

    assert endpoints == [TOKEN] * MOST_WAITING
    assert key_server.requests == [METADATA]


@asynccontextmanager
async def waited_for(directory: CachedAuthorisationServer, key_server: KeyServer) -> AsyncIterator[None]:
    """Have as many as may wait for an issuer that hangs, and let it go at the end."""
    key_server.hang()
    waiting = [asyncio.create_task(directory.look_up()) for _ in range(MOST_WAITING)]
    await key_server.is_asked()
    yield
    assert not any(each.done() for each in waiting)
    key_server.recover()
    await asyncio.wait(waiting)


async def test_requests_that_may_not_wait_fail_at_once_without_a_description(
    directory: CachedAuthorisationServer, key_server: KeyServer
) -> None:
    async with waited_for(directory, key_server):
        with pytest.raises(Unavailable):
            await directory.look_up()

    assert await token_endpoint_of(directory) == TOKEN


async def test_requests_that_may_not_wait_get_the_cached_description(
    directory: CachedAuthorisationServer, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await directory.look_up()
    stopwatch.advance(LIMITS.lifetime)

    async with waited_for(directory, key_server):
        endpoint = await token_endpoint_of(directory)

    assert endpoint == TOKEN


async def test_the_issuer_is_asked_again_when_its_answer_is_old(
    directory: CachedAuthorisationServer, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await directory.look_up()
    describe(key_server, token_endpoint=f"{TOKEN}/new")
    stopwatch.advance(LIMITS.lifetime - 1)
    still = await token_endpoint_of(directory)
    stopwatch.advance(1)

    fresh = await token_endpoint_of(directory)

    assert (still, fresh) == (TOKEN, f"{TOKEN}/new")


async def test_an_issuer_that_does_not_answer_is_asked_once_in_a_floor_interval(
    directory: CachedAuthorisationServer, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    key_server.answers[METADATA] = Answer(b"out of order", 500)

    for _ in range(5):
        with pytest.raises(Unavailable):
            await directory.look_up()
    asked = len(key_server.requests)
    describe(key_server)
    stopwatch.advance(LIMITS.floor)
    endpoint = await token_endpoint_of(directory)

    assert (asked, endpoint) == (2, TOKEN)


async def test_the_cached_description_stays_in_use_for_a_bounded_time(
    directory: CachedAuthorisationServer, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await directory.look_up()
    await key_server.stop()
    stopwatch.advance(LIMITS.lifetime + LIMITS.stale - 1)
    stale = await token_endpoint_of(directory)
    stopwatch.advance(1)

    with pytest.raises(Unavailable):
        await directory.look_up()

    assert stale == TOKEN


@pytest.mark.full
async def test_a_request_does_not_wait_long_for_an_issuer_that_hangs(
    key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    key_server.hang()

    async with (
        opened(key_server.url, stopwatch, limits=IMPATIENT) as directory,
        asyncio.timeout(IMPATIENT.fetch_timeout * 5),
    ):
        outcomes = await asyncio.gather(*(directory.look_up() for _ in range(3)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
    assert len(key_server.requests) == 2  # one at each location


async def test_the_keys_do_not_depend_on_a_token_endpoint(key_server: KeyServer) -> None:
    describe(key_server, token_endpoint=None, jwks_uri=key_server.jwks_url)
    metadata = IssuerMetadata(key_server.url)

    document = await metadata.fetch()
    await metadata.aclose()

    assert json.loads(document)["keys"]
