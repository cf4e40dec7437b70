"""Genuine tokens are accepted in every form that issuers use."""

import base64
import json
from collections.abc import Callable

import pytest

from adapters.oauth.jwt import JwtAccessTokenVerifier
from domain.access import Caller
from tests.integration.oauth.key_server import JWKS_PATH, Answer, KeyServer
from tests.integration.oauth.token_keys import TokenKey, key
from tests.integration.oauth.tokens import AUDIENCE, SECONDS, claims, signed, token

SIGNERS = [
    key("rs", "RS256"),
    key("rs384", "RS384"),
    key("rs512", "RS512"),
    key("ps", "PS256"),
    key("ps384", "PS384"),
    key("ps512", "PS512"),
    key("p256", "ES256"),
    key("p384", "ES384"),
    key("p521", "ES512"),
    key("ed", "EdDSA"),
    key("ed2", "Ed25519"),
    key("rs4", "RS256", 4096),
]
ALL_SCOPES = frozenset({"system/Organization.write", "system/Patient.read"})


async def test_the_caller_is_the_client_with_its_scopes(verifier: JwtAccessTokenVerifier) -> None:
    verified = await verifier.verify(token())

    assert verified.unwrap() == Caller("hospital-a", ALL_SCOPES)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: f"{signer.algorithm} {signer.kid}")
async def test_every_allowed_algorithm_is_accepted(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, signer: TokenKey
) -> None:
    key_server.publish(*(other.jwk() for other in SIGNERS))

    verified = await verifier.verify(token(signer))

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda signer: f"{signer.algorithm} {signer.kid}")
async def test_a_key_published_without_alg_and_use_serves_its_type(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, signer: TokenKey
) -> None:
    key_server.publish(*(other.jwk(alg=None, use=None, key_ops=["verify"]) for other in SIGNERS))

    verified = await verifier.verify(token(signer))

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT", "JWT", None])
async def test_the_type_may_be_written_in_any_case_or_left_out(
    verifier: JwtAccessTokenVerifier, typ: str | None
) -> None:
    verified = await verifier.verify(token(typ=typ))

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize("kid", ["k1", None], ids=["id in the key set", "no id in the key set"])
async def test_a_token_without_key_id_is_verified_by_the_only_key(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, kid: str | None
) -> None:
    key_server.publish(key().jwk(kid=kid))

    verified = await verifier.verify(token(kid=None))

    assert verified.unwrap().client_id == "hospital-a"


async def test_two_keys_with_one_id_are_told_apart_by_type(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    twin = key("k1", "ES256")
    key_server.publish(key().jwk(), twin.jwk())

    verified = [await verifier.verify(token(signer)) for signer in (key(), twin)]

    assert [result.unwrap().client_id for result in verified] == ["hospital-a"] * 2


async def test_a_token_without_key_id_is_verified_by_any_key_of_its_algorithm(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    # while an issuer changes its keys, it publishes both
    old, new = key("old"), key("new")
    key_server.publish(old.jwk(kid=None), key("p256", "ES256").jwk(), new.jwk())

    verified = [await verifier.verify(token(signer, kid=None)) for signer in (old, new)]

    assert [result.unwrap().client_id for result in verified] == ["hospital-a"] * 2


async def test_two_keys_with_one_id_and_one_type_both_count(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    old, new = key("old"), key("new")
    key_server.publish(old.jwk(kid="k1"), new.jwk(kid="k1"))

    verified = [await verifier.verify(token(signer, kid="k1")) for signer in (old, new)]

    assert [result.unwrap().client_id for result in verified] == ["hospital-a"] * 2


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda number: number + "=" * (-len(number) % 4), id="padded"),
        pytest.param(lambda number: number.replace("-", "+").replace("_", "/"), id="other-alphabet"),
        pytest.param(
            lambda number: base64.b64encode(b"\0" + base64.urlsafe_b64decode(number + "==")).decode(),
            id="with-a-zero-in-front",
        ),
    ],
)
async def test_the_numbers_of_a_key_may_be_in_any_base64(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer, written: Callable[[str], str]
) -> None:
    jwk = key().jwk()
    key_server.publish({**jwk, "n": written(str(jwk["n"])), "e": written(str(jwk["e"]))})

    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"


async def test_an_empty_use_or_alg_counts_as_absent(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_server.publish(key().jwk(use="", alg=""))

    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"


async def test_a_key_set_may_begin_with_a_byte_order_mark(
    verifier: JwtAccessTokenVerifier, key_server: KeyServer
) -> None:
    key_set = json.dumps({"keys": [key().jwk()]})
    key_server.answers[JWKS_PATH] = Answer(key_set.encode("utf-8-sig"))

    verified = await verifier.verify(token())

    assert verified.unwrap().client_id == "hospital-a"


async def test_unknown_header_parameters_are_ignored(verifier: JwtAccessTokenVerifier) -> None:
    verified = await verifier.verify(token(x5t="abc", x5c=["A" * 2000], nonce="for the issuer itself"))

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["https://other.example", AUDIENCE]])
async def test_the_audience_is_a_string_or_in_a_list(
    verifier: JwtAccessTokenVerifier, audience: object
) -> None:
    verified = await verifier.verify(token(payload=claims(aud=audience)))

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize(
    "changes",
    [
        {"nbf": SECONDS + 30, "iat": SECONDS + 30},
        {"exp": SECONDS - 29},
        {"nbf": None, "iat": None},
        {"exp": SECONDS + 0.5, "nbf": SECONDS - 0.5, "iat": SECONDS - 0.5},
        {"exp": 253_402_300_799},
    ],
    ids=["from just now", "just until now", "no beginning", "fractions", "year 9999"],
)
async def test_clocks_may_differ_by_the_leeway(
    verifier: JwtAccessTokenVerifier, changes: dict[str, object]
) -> None:
    verified = await verifier.verify(token(payload=claims(**changes)))

    assert verified.unwrap().client_id == "hospital-a"


@pytest.mark.parametrize(
    ("changes", "scopes"),
    [
        ({"scope": "a b"}, ["a", "b"]),
        ({"scope": " a   b "}, ["a", "b"]),
        ({"scope": "ab\tc a/b.*"}, ["ab\tc", "a/b.*"]),
        ({"scope": ""}, []),
        ({"scope": None}, []),
        ({"scope": ["a", "b"]}, ["a", "b"]),
        ({"scope": ["a b", ""]}, ["a b"]),
        ({"scope": None, "scp": ["a", "b"]}, ["a", "b"]),
        ({"scope": None, "scp": "a b"}, ["a", "b"]),
        ({"scope": "a", "scp": ["b"]}, ["a"]),
        ({"scope": "", "scp": ["b"]}, []),
    ],
    ids=str,
)
async def test_scopes_are_whole_words(
    verifier: JwtAccessTokenVerifier, changes: dict[str, object], scopes: list[str]
) -> None:
    verified = await verifier.verify(token(payload=claims(**changes)))

    assert verified.unwrap().scopes == {*scopes}


@pytest.mark.parametrize(
    ("changes", "client_id"),
    [
        ({"client_id": "c", "azp": "a"}, "c"),
        ({"client_id": None, "azp": "a"}, "a"),
        ({"client_id": "c", "sub": 7}, "c"),
        ({"client_id": "x" * 255}, "x" * 255),
        ({"client_id": "~!\"'<>|"}, "~!\"'<>|"),
    ],
    ids=["client_id", "azp", "unused sub", "255 characters", "punctuation"],
)
async def test_the_caller_is_named_by_client_id_else_azp(
    verifier: JwtAccessTokenVerifier, changes: dict[str, object], client_id: str
) -> None:
    verified = await verifier.verify(token(typ="JWT", payload=claims(**changes)))

    assert verified.unwrap().client_id == client_id


async def test_the_largest_accepted_token_has_16_kib(verifier: JwtAccessTokenVerifier) -> None:
    bare = len(token(payload=claims(filler="")))
    largest = token(payload=claims(filler="x" * ((16_384 - bare) * 3 // 4)))

    verified = await verifier.verify(largest)

    assert len(largest) in range(16_381, 16_385)
    assert verified.unwrap().client_id == "hospital-a"


async def test_white_space_in_the_json_is_ignored(verifier: JwtAccessTokenVerifier) -> None:
    header = b'\n{ "typ" : "at+jwt", "alg" : "RS256",\t"kid" : "k1" }\n'

    verified = await verifier.verify(signed(key(), header, claims()))

    assert verified.unwrap().client_id == "hospital-a"
