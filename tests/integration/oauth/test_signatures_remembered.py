"""A verified signature is cached for a short time, and nothing else is."""

from datetime import timedelta

from returns.result import Failure

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.jwt import SIGNATURE_SECONDS, JwtAccessTokenVerifier
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from tests.fakes.clock import FixedClock
from tests.integration.oauth.key_server import KeyServer
from tests.integration.oauth.stopwatch import LIMITS, Stopwatch
from tests.integration.oauth.token_keys import key
from tests.integration.oauth.tokens import AUDIENCE, ISSUER, NOW, SECONDS, claims, token

INVALID = Failure(AccessTokenInvalid())
RULES = AccessTokenRules(ISSUER, AUDIENCE)


async def _withdraw_key(key_server: KeyServer, verifier: JwtAccessTokenVerifier) -> None:
    """Let the issuer publish another key, and the service learn of it."""
    key_server.publish(key("k2").jwk())
    await verifier.verify(token(key("k2")))


async def test_a_token_of_a_withdrawn_key_works_for_a_short_time(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    stopwatch.advance(LIMITS.floor)
    presented, other = token(), token(payload=claims(jti="other"))
    await verifier.verify(presented)
    stopwatch.advance(LIMITS.floor)
    await _withdraw_key(key_server, verifier)

    remembered, unknown = await verifier.verify(presented), await verifier.verify(other)
    stopwatch.advance(SIGNATURE_SECONDS)
    afterwards = await verifier.verify(presented)

    assert remembered.unwrap().client_id == "hospital-a"
    assert [unknown, afterwards] == [INVALID, INVALID]


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
