"""Every forged token is rejected."""

import asyncio
import json
from pathlib import Path

import pytest
from returns.result import Failure

from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules
from adapters.oauth.jwt import JwtAccessTokenVerifier
from adapters.oauth.key_sources import JwksFile
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from tests.fakes.clock import FixedClock
from tests.integration.oauth import forgeries
from tests.integration.oauth.key_server import KeyServer
from tests.integration.oauth.stopwatch import LIMITS, Stopwatch
from tests.integration.oauth.tokens import AUDIENCE, ISSUER, NOW, SECONDS, claims, token

INVALID = Failure(AccessTokenInvalid())
FORGERIES = forgeries.FORGED_SIGNATURES | forgeries.FORGED_FORMS | forgeries.FORGED_CLAIMS


@pytest.fixture
async def signing_keys(tmp_path: Path, stopwatch: Stopwatch) -> CachedSigningKeys:
    path = tmp_path / "keys.json"
    await asyncio.to_thread(path.write_text, json.dumps({"keys": forgeries.PUBLISHED}))
    return CachedSigningKeys(JwksFile(path), stopwatch, LIMITS)


async def test_the_token_that_the_forgeries_vary_is_genuine(verifier: JwtAccessTokenVerifier) -> None:
    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
async def test_refuses(verifier: JwtAccessTokenVerifier, forged: str) -> None:
    verified = await verifier.verify(forged)

    assert verified == INVALID


async def test_no_key_is_fetched_from_an_address_in_a_token(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    attacker = key_server.url + "/attacker"
    key_server.answer("/attacker", {"keys": [forgeries.IMPOSTOR.jwk(kid="impostor")]})

    verdicts = [
        await verifier.verify(token(forgeries.IMPOSTOR, **{"kid": "impostor", header: attacker}))
        for header in ("jku", "x5u", "kid")
    ]

    assert verdicts == [INVALID] * 3
    assert key_server.requests == []


async def test_a_token_with_any_one_character_changed_is_invalid(verifier: JwtAccessTokenVerifier) -> None:
    genuine = token()

    verdicts = [
        await verifier.verify(genuine[:place] + ("A" if found != "A" else "B") + genuine[place + 1 :])
        for place, found in enumerate(genuine)
    ]

    assert verdicts == [INVALID] * len(genuine)


async def test_a_token_cut_off_anywhere_is_invalid(verifier: JwtAccessTokenVerifier) -> None:
    genuine = token()

    verdicts = [await verifier.verify(genuine[:length]) for length in range(len(genuine))]

    assert verdicts == [INVALID] * len(genuine)


@pytest.mark.parametrize(
    "accepted",
    [token(typ="JWT"), token(typ="jwt"), token(typ=None)],
    ids=["JWT", "jwt", "no type"],
)
async def test_a_token_of_another_type_is_refused_when_at_jwt_is_required(
    signing_keys: CachedSigningKeys, stopwatch: Stopwatch, verifier: JwtAccessTokenVerifier, accepted: str
) -> None:
    rules = AccessTokenRules(ISSUER, AUDIENCE, require_at_jwt=True)
    strict = JwtAccessTokenVerifier(signing_keys, FixedClock(NOW, NOW.date()), stopwatch, rules)

    assert (await verifier.verify(accepted)).unwrap().client_id == "hospital-a"
    assert await strict.verify(accepted) == INVALID


@pytest.mark.parametrize("expiry", [SECONDS - 30, SECONDS - 30.0, SECONDS - 86_400, 0, -1])
async def test_a_genuine_token_is_expired_after_its_expiry_and_the_leeway(
    verifier: JwtAccessTokenVerifier, expiry: float
) -> None:
    verified = await verifier.verify(token(payload=claims(exp=expiry)))

    assert verified == Failure(AccessTokenExpired())


@pytest.mark.parametrize(
    "stale",
    [
        token(forgeries.IMPOSTOR, payload=claims(exp=0)),
        token(payload=claims(exp=0, iss="https://elsewhere.example")),
        token(payload=claims(exp=0, aud="https://elsewhere.example")),
        token(payload=claims(exp=0, nonce="n")),
        token(payload=claims(exp=0, client_id="")),
        token(payload=claims(exp=0, nbf=SECONDS + 31)),
        token(typ="logout+jwt", payload=claims(exp=0)),
    ],
    ids=["signature", "issuer", "audience", "ID token", "client", "not before", "type"],
)
async def test_a_token_both_expired_and_wrong_is_invalid(
    verifier: JwtAccessTokenVerifier, stale: str
) -> None:
    verified = await verifier.verify(stale)

    assert verified == INVALID
