"""A verified signature is cached for a short time, and nothing else is."""

from datetime import timedelta

from returns.result import Failure

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.oauth.key_sources import JwksUrl
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from tests.fakes.clock import FixedClock
from tests.integration.oauth.conftest import verifier_with
from tests.integration.oauth.key_server import KeyServer
from tests.integration.oauth.stopwatch import LIMITS, Stopwatch
from tests.integration.oauth.token_keys import key
from tests.integration.oauth.tokens import AUDIENCE, ISSUER, NOW, SECONDS, claims, token

INVALID = Failure(AccessTokenInvalid())
RULES = AccessTokenRules(ISSUER, AUDIENCE)


async def test_a_token_of_a_withdrawn_key_works_for_thirty_seconds(
    key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    signing_keys = CachedSigningKeys(JwksUrl(key_server.jwks_url), stopwatch)
    verifier = verifier_with(signing_keys, stopwatch)
    await verifier.verify(token())
    key_server.publish(key("k2").jwk())
    stopwatch.advance(29)

    before = await verifier.verify(token())
    stopwatch.advance(1)
    afterwards = await verifier.verify(token())
    await signing_keys.aclose()

    assert before.unwrap().client_id == "hospital-a"
    assert afterwards == INVALID


async def test_a_token_is_refused_once_the_service_knows_that_its_key_is_withdrawn(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await verifier.verify(token())
    key_server.publish(key("k2").jwk())
    stopwatch.advance(LIMITS.floor)

    await verifier.verify(token(key("k2")))

    assert await verifier.verify(token()) == INVALID


async def test_a_token_with_a_cached_signature_expires(
    signing_keys: CachedSigningKeys, stopwatch: Stopwatch
) -> None:
    presented = token(payload=claims(exp=SECONDS + 1))
    clock = FixedClock(NOW, NOW.date())
    verifier = JwtAccessTokenVerifier(signing_keys, clock, stopwatch, RULES)
    await verifier.verify(presented)

    clock.let_pass(timedelta(minutes=1))

    assert await verifier.verify(presented) == Failure(AccessTokenExpired())


async def test_a_cached_signature_does_not_count_for_another_one(
    verifier: JwtAccessTokenVerifier,
) -> None:
    presented = token()
    await verifier.verify(presented)
    message, _dot, signature = presented.rpartition(".")

    forged = f"{message}.{signature[:-8]}AAAAAAAA"

    assert await verifier.verify(forged) == INVALID
