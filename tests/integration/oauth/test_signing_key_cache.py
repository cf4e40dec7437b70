"""Cached keys are used, and the key server is asked as rarely as possible."""

import asyncio

import pytest
from returns.result import Failure

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.oauth.key_sources import JwksUrl
from application.ports.access import AccessTokenInvalid
from tests.integration.oauth.key_server import KeyServer
from tests.integration.oauth.stopwatch import LIMITS, Stopwatch
from tests.integration.oauth.token_keys import TokenKey, key
from tests.integration.oauth.tokens import segment, token

INVALID = Failure(AccessTokenInvalid())
NEW = key("k2")


async def accepts(verifier: JwtAccessTokenVerifier, signer: TokenKey) -> bool:
    return await verifier.verify(token(signer)) != INVALID


async def test_nothing_is_fetched_before_the_first_token(
    signing_keys: CachedSigningKeys, key_server: KeyServer
) -> None:
    await signing_keys.aclose()

    assert key_server.requests == []


async def test_two_hundred_callers_at_a_cold_start_cause_one_fetch(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    presented = token()

    verified = await asyncio.gather(*(verifier.verify(presented) for _ in range(200)))

    assert [result.unwrap().client_id for result in verified] == ["hospital-a"] * 200
    assert len(key_server.requests) == 1


async def test_keys_are_fetched_once_in_their_lifetime(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await accepts(verifier, key())
    stopwatch.advance(LIMITS.lifetime - 1)

    accepted = await accepts(verifier, key())

    assert accepted
    assert len(key_server.requests) == 1


async def test_keys_past_their_lifetime_are_fetched_once_for_all_callers(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await accepts(verifier, key())
    stopwatch.advance(LIMITS.lifetime)

    accepted = await asyncio.gather(*(accepts(verifier, key()) for _ in range(50)))

    assert all(accepted)
    assert len(key_server.requests) == 2


async def test_a_rotation_costs_one_fetch_and_keeps_the_old_key(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await accepts(verifier, key())
    key_server.publish(key().jwk(), NEW.jwk())
    stopwatch.advance(LIMITS.floor)

    accepted = await asyncio.gather(*(accepts(verifier, signer) for signer in [NEW, key()] * 50))

    assert all(accepted)
    assert len(key_server.requests) == 2


async def test_a_rotation_within_the_floor_interval_is_seen_after_it(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await accepts(verifier, key())
    key_server.publish(NEW.jwk())
    stopwatch.advance(LIMITS.floor - 1)

    early = await accepts(verifier, NEW)
    stopwatch.advance(1)
    late = await accepts(verifier, NEW)

    assert (early, late) == (False, True)


async def test_a_dropped_key_is_refused_after_the_next_fetch(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await accepts(verifier, key())
    key_server.publish(NEW.jwk())
    stopwatch.advance(LIMITS.lifetime)

    accepted = await accepts(verifier, key())

    assert not accepted


async def test_five_thousand_forged_key_ids_cause_a_fetch_per_floor_interval(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    _, payload, signature = token().split(".")

    for number in range(5000):
        header = segment({"alg": "RS256", "kid": f"forged-{number}"})
        assert await verifier.verify(f"{header}.{payload}.{signature}") == INVALID
        stopwatch.advance(0.01)

    assert len(key_server.requests) == 50 / LIMITS.floor


async def test_a_known_key_id_under_another_algorithm_causes_no_fetch(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await accepts(verifier, key())
    stopwatch.advance(LIMITS.floor)

    verdicts = [await verifier.verify(token(alg=algorithm)) for algorithm in ("ES256", "PS256", "none")]

    assert verdicts == [INVALID] * 3
    assert len(key_server.requests) == 1


async def test_a_token_without_key_id_causes_no_fetch(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    key_server.publish(key().jwk(), NEW.jwk())
    await accepts(verifier, key())
    stopwatch.advance(LIMITS.floor)

    verified = await verifier.verify(token(key("another"), kid=None))

    assert verified == INVALID
    assert len(key_server.requests) == 1


@pytest.mark.parametrize("gone", [0, 1], ids=["the one that started the fetch", "one that joined it"])
async def test_a_caller_that_hangs_up_does_not_end_the_request_of_the_others(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, gone: int
) -> None:
    key_server.hang()
    callers = [asyncio.create_task(verifier.verify(token())) for _ in range(3)]
    await key_server.is_asked()
    leaving = callers.pop(gone)

    leaving.cancel()
    await asyncio.wait({leaving})
    key_server.recover()

    assert leaving.cancelled()
    assert [(await caller).unwrap().client_id for caller in callers] == ["hospital-a"] * 2
    assert len(key_server.requests) == 1


async def test_a_fetch_without_waiting_callers_serves_the_next_one(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_server.hang()
    leaving = asyncio.create_task(verifier.verify(token()))
    await key_server.is_asked()
    leaving.cancel()
    key_server.recover()

    accepted = await accepts(verifier, key())

    assert accepted
    assert len(key_server.requests) == 1


async def test_closing_refuses_a_caller_that_waits_for_a_fetch(
    verifier: JwtAccessTokenVerifier, signing_keys: CachedSigningKeys, key_server: KeyServer
) -> None:
    key_server.hang()
    waiting = asyncio.create_task(verifier.verify(token()))
    await key_server.is_asked()

    await signing_keys.aclose()

    with pytest.raises(IssuerUnavailable):
        await waiting


async def test_closing_twice_is_harmless(signing_keys: CachedSigningKeys) -> None:
    await signing_keys.find("k1", "RS256")

    await signing_keys.aclose()
    await signing_keys.aclose()


async def test_a_bug_in_a_source_is_not_mistaken_for_an_outage(stopwatch: Stopwatch) -> None:
    class BrokenSource(JwksUrl):
        async def fetch(self) -> bytes:
            raise ZeroDivisionError

    signing_keys = CachedSigningKeys(BrokenSource("http://127.0.0.1:1"), stopwatch)

    with pytest.raises(ZeroDivisionError):
        await signing_keys.find("k1", "RS256")
