"""The adapter as the service uses it, with a key server on loopback."""

from collections.abc import AsyncIterator

import pytest

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.introspection import IntrospectionAccessTokenVerifier
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.oauth.key_sources import JwksUrl
from tests.fakes.clock import FixedClock
from tests.integration.oauth.introspection import (
    IntrospectionServer,
    introspecting,
    running_introspection_server,
)
from tests.integration.oauth.key_server import KeyServer, running_key_server
from tests.integration.oauth.stopwatch import IMPATIENT, LIMITS, Stopwatch
from tests.integration.oauth.token_keys import key
from tests.integration.oauth.tokens import AUDIENCE, ISSUER, NOW


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
async def key_server() -> AsyncIterator[KeyServer]:
    async with running_key_server() as server:
        server.publish(key().jwk())
        yield server


@pytest.fixture
async def signing_keys(key_server: KeyServer, stopwatch: Stopwatch) -> AsyncIterator[CachedSigningKeys]:
    cached = CachedSigningKeys(JwksUrl(key_server.jwks_url), stopwatch, LIMITS)
    yield cached
    await cached.aclose()


@pytest.fixture
def verifier(signing_keys: CachedSigningKeys, stopwatch: Stopwatch) -> JwtAccessTokenVerifier:
    return verifier_with(signing_keys, stopwatch)


@pytest.fixture
async def impatient_verifier(
    key_server: KeyServer, stopwatch: Stopwatch
) -> AsyncIterator[JwtAccessTokenVerifier]:
    cached = CachedSigningKeys(JwksUrl(key_server.jwks_url), stopwatch, IMPATIENT)
    yield verifier_with(cached, stopwatch)
    await cached.aclose()


@pytest.fixture
async def introspection_server() -> AsyncIterator[IntrospectionServer]:
    async with running_introspection_server() as server:
        yield server


@pytest.fixture
async def introspection(
    introspection_server: IntrospectionServer, stopwatch: Stopwatch
) -> AsyncIterator[IntrospectionAccessTokenVerifier]:
    async with introspecting(introspection_server, stopwatch) as verifier:
        yield verifier


def verifier_with(signing_keys: CachedSigningKeys, stopwatch: Stopwatch) -> JwtAccessTokenVerifier:
    clock = FixedClock(NOW, NOW.date())
    return JwtAccessTokenVerifier(signing_keys, clock, stopwatch, AccessTokenRules(ISSUER, AUDIENCE))
