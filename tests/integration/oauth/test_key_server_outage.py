"""While the key server is down, cached keys serve for a bounded time, and no caller waits for long."""

import asyncio

import pytest
from returns.result import Failure

from adapters.oauth.http_documents import IssuerUnavailable
from adapters.oauth.jwt import JwtAccessTokenVerifier
from application.ports.access import AccessTokenInvalid
from application.ports.system import Unavailable
from tests.integration.oauth.key_server import JWKS_PATH, Answer, KeyServer
from tests.integration.oauth.stopwatch import IMPATIENT, LIMITS, Stopwatch
from tests.integration.oauth.token_keys import SharedSecret, key
from tests.integration.oauth.tokens import claims, token

INVALID = Failure(AccessTokenInvalid())
UNUSABLE = {
    "status 500": Answer(b"out of order", 500),
    "status 404": Answer(b"", 404),
    "status 204": Answer(b"", 204),
    "redirect": Answer(b"", 302, ("Location: /elsewhere", "Content-Length: 0")),
    "permanent redirect": Answer(b"", 308, ("Location: /elsewhere", "Content-Length: 0")),
    "empty body": Answer(),
    "HTML": Answer(b"<html>Please sign in</html>"),
    "not UTF-8": Answer(b'{"keys":["\xff"]}'),
    "cut off": Answer(b'{"keys":[{"kty":"RSA"'),
    "cut off in transfer": Answer(b'{"keys":[', headers=("Content-Length: 5000",)),
    "compressed all the same": Answer(b"\x1f\x8b\x08", headers=("Content-Encoding: gzip",)),
    "list": Answer(b"[]"),
    "no keys member": Answer(b"{}"),
    "keys that are text": Answer(b'{"keys":"k1"}'),
    "key without a type": Answer(b'{"keys":[{"kid":"k1"}]}'),
    "keys that are no objects": Answer(b'{"keys":[1,null,"k1",[]]}'),
    "nested without end": Answer(b'{"keys":' + b"[" * 100_000),
    "keys nested without end": Answer(b'{"keys":[{"kty":' + b"[" * 800 + b"]" * 800 + b"}]}"),
    "larger than 256 KiB": Answer(b'{"keys":[], "filler":"' + b"x" * 262_144 + b'"}'),
    "endless": Answer(b" " * 65_536, endless=True),
    "not HTTP": Answer(b"", headers=("\r\n\0\r\n",), status=-1),
}


@pytest.fixture(params=list(UNUSABLE.values()), ids=list(UNUSABLE))
def unusable(request: pytest.FixtureRequest) -> Answer:
    assert isinstance(request.param, Answer)
    return request.param


async def test_without_keys_no_token_is_verified(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, unusable: Answer
) -> None:
    key_server.publish(key().jwk())
    key_server.answers["/elsewhere"] = key_server.answers[JWKS_PATH]
    key_server.answers[JWKS_PATH] = unusable

    with pytest.raises(Unavailable):
        await verifier.verify(token())

    assert key_server.requests == [JWKS_PATH]


async def test_the_log_says_that_a_key_set_is_compressed(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    key_server.answers[JWKS_PATH] = UNUSABLE["compressed all the same"]

    with pytest.raises(Unavailable):
        await verifier.verify(token())

    assert "the document is compressed, which was not asked for" in caplog.text


async def test_an_unusable_answer_leaves_the_cached_keys_in_use(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch, unusable: Answer
) -> None:
    await verifier.verify(token())
    key_server.answers[JWKS_PATH] = unusable
    stopwatch.advance(LIMITS.lifetime)

    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"
    assert len(key_server.requests) == 2


async def test_no_token_is_verified_by_a_key_that_is_not_usable(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_server.publish(
        SharedSecret("k1", b"secret").jwk(),
        key().jwk(use="enc"),
        key().jwk(alg="RSA-OAEP"),
        key().jwk(key_ops=["encrypt"]),
        key().jwk(key_ops=[]),
        key().jwk(kid=1),
        key().jwk(n=None),
        key().jwk(n="not base64!"),
        key().jwk(e="AQ"),
        key("k1", bits=1024).jwk(),
        key("k1", "ES256").jwk(y="AAAA"),
        key("k1", "ES256").jwk(crv="P-521"),
        key("k1", "EdDSA").jwk(crv="Ed448"),
        key("k1", "EdDSA").jwk(x="AAAA"),
        {"kty": "AKP", "kid": "k1"},
    )

    assert await verifier.verify(token()) == INVALID


@pytest.mark.parametrize("published", [[], [key().jwk(use="enc")]], ids=["none", "none for signatures"])
async def test_an_issuer_can_withdraw_all_its_keys(
    verifier: JwtAccessTokenVerifier,
    key_server: KeyServer,
    stopwatch: Stopwatch,
    published: list[dict[str, object]],
) -> None:
    await verifier.verify(token())
    key_server.publish(*published)
    stopwatch.advance(LIMITS.lifetime)

    verified = await verifier.verify(token())

    assert verified == INVALID


async def test_a_private_key_published_by_mistake_still_verifies(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_server.publish(key().jwk(d="AQAB", p="AQAB", key_ops=["sign", "verify"]))

    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"


async def test_cached_keys_serve_for_a_bounded_time_while_the_server_is_down(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await verifier.verify(token())
    await key_server.stop()
    stopwatch.advance(LIMITS.lifetime + LIMITS.stale - 1)

    verified = await verifier.verify(token())
    stopwatch.advance(1)

    assert verified.unwrap().client_id == "hospital-a"
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(token(payload=claims(jti="another")))


async def test_failed_fetches_keep_to_the_floor_interval(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    key_server.fail()

    for _ in range(100):
        with pytest.raises(IssuerUnavailable):
            await verifier.verify(token())
        stopwatch.advance(LIMITS.floor / 50)

    assert len(key_server.requests) == 2


async def test_a_server_that_recovers_is_noticed_after_the_floor_interval(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    key_server.fail()
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(token())
    key_server.publish(key().jwk())
    stopwatch.advance(LIMITS.floor)

    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"


async def test_an_unknown_key_id_is_an_outage_while_the_server_fails(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await verifier.verify(token())
    key_server.fail()
    stopwatch.advance(LIMITS.floor)

    for _ in range(5):
        with pytest.raises(IssuerUnavailable):
            await verifier.verify(token(key("k2")))
    key_server.publish(key().jwk())
    stopwatch.advance(LIMITS.floor)

    assert await verifier.verify(token(key("k2"))) == INVALID
    assert len(key_server.requests) == 3


async def test_a_failing_server_does_not_harm_keys_in_their_lifetime(
    impatient_verifier: JwtAccessTokenVerifier, key_server: KeyServer, stopwatch: Stopwatch
) -> None:
    await impatient_verifier.verify(token())
    key_server.hang()
    stopwatch.advance(LIMITS.floor)
    asking = asyncio.create_task(impatient_verifier.verify(token(key("k2"))))
    await key_server.is_asked()

    verified = await impatient_verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"
    assert not asking.done()
    with pytest.raises(IssuerUnavailable):
        await asking


async def test_fifty_callers_of_a_hanging_server_are_refused_in_time_after_one_fetch(
    impatient_verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_server.hang()
    started = asyncio.get_running_loop().time()

    refused = await asyncio.gather(
        *(impatient_verifier.verify(token()) for _ in range(50)), return_exceptions=True
    )

    waited = asyncio.get_running_loop().time() - started
    assert all(isinstance(refusal, IssuerUnavailable) for refusal in refused)
    assert waited < IMPATIENT.fetch_timeout * 3
    assert len(key_server.requests) == 1


@pytest.mark.full
async def test_a_server_that_answers_too_slowly_times_out(
    impatient_verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_server.answers[JWKS_PATH] = Answer(b" ", endless=True, drip_seconds=0.02)

    with pytest.raises(IssuerUnavailable):
        await impatient_verifier.verify(token())

    assert len(key_server.requests) == 1
