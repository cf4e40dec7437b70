"""Tokens that must be rejected, each with one fault, against the keys `PUBLISHED`."""

import json

from tests.integration.oauth.token_keys import SharedSecret, TokenKey, base64url, key
from tests.integration.oauth.tokens import SECONDS, claims, segment, signed, token

GENUINE = key()
SECOND = key("k2", "ES256")
THIRD = key("k3", "PS256")
WEAK = key("weak", bits=1024)
SHARED = SharedSecret("shared", b"a secret that the key server gave away")
FOR_ENCRYPTION = key("enc", "RS256")
FOR_WRAPPING = key("wrap", "ES384")
WRONG_CURVE_NAME = key("curve", "ES384")
IMPOSTOR = TokenKey("k1", "RS256", key("impostor").private)
OUTSIDE = "http://127.0.0.1:1/attacker"

PUBLISHED = [
    GENUINE.jwk(),
    SECOND.jwk(),
    THIRD.jwk(alg=None, use=None),
    WEAK.jwk(),
    SHARED.jwk(),
    FOR_ENCRYPTION.jwk(use="enc", alg=None),
    FOR_WRAPPING.jwk(use=None, key_ops=["wrapKey"]),
    WRONG_CURVE_NAME.jwk(crv="P-256"),
]


def unsigned(algorithm: str) -> str:
    return f"{segment({'alg': algorithm, 'typ': 'at+jwt', 'kid': 'k1'})}.{segment(claims())}."


def with_flipped_bit(part: int) -> str:
    parts = token().split(".")
    middle = len(parts[part]) // 2
    flipped = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + flipped + parts[part][middle + 1 :]
    return ".".join(parts)


def with_parts_of(payload: str, signature: str) -> str:
    header, body, _ = payload.split(".")
    return f"{header}.{body}.{signature.split('.')[2]}"


def with_raw_claim(member: str) -> str:
    """Write a claim that no JSON library would."""
    name = member.split('"')[1]
    body = json.dumps(claims(**{name: None}))
    return token(payload=f"{body[:-1]}, {member}}}".encode())


def with_claims(**changes: object) -> str:
    return token(payload=claims(**changes))


FORGED_SIGNATURES = {
    "alg none": unsigned("none"),
    "alg NONE": unsigned("NONE"),
    "alg none under a genuine signature": token(alg="none"),
    "HS256 with the public key as its secret": token(SharedSecret("k1", GENUINE.public_pem())),
    "HS256 with a secret in the key set": token(SHARED),
    "own key under their id": token(IMPOSTOR),
    "own key, brought as jwk": token(IMPOSTOR, jwk=SECOND.jwk(kid=None)),
    "own key, brought as jwk with an id": token(IMPOSTOR, jwk=IMPOSTOR.jwk(), kid="impostor"),
    "own key, at a jku": token(IMPOSTOR, jku=OUTSIDE),
    "own key, at an x5u": token(IMPOSTOR, x5u=OUTSIDE),
    "own key, as x5c": token(IMPOSTOR, x5c=[base64url(IMPOSTOR.public_pem())]),
    "unknown key id": token(IMPOSTOR, kid="nobody"),
    "key id with a path in it": token(IMPOSTOR, kid="../../dev/null"),
    "key id with a query in it": token(IMPOSTOR, kid="k1' OR '1'='1"),
    "key id of another key": token(kid="k2"),
    "own key, without a key id": token(IMPOSTOR, kid=None),
    "key id that is not a string": token(kid=1),
    "own key, with a key id that is null": signed(IMPOSTOR, {"alg": "RS256", "kid": None}, claims()),
    "bit flipped in the signature": with_flipped_bit(2),
    "bit flipped in the payload": with_flipped_bit(1),
    "bit flipped in the header": with_flipped_bit(0),
    "payload of one, signature of another": with_parts_of(with_claims(client_id="victim"), token()),
    "signature of the right length by chance": token()[:-342] + base64url(bytes(256)),
    "algorithm of another key type": token(alg="ES256"),
    "algorithm of another curve": token(SECOND, alg="ES384"),
    "algorithm that the key is not published for": token(alg="PS256"),
    "algorithm that the key does not sign with, RS512": token(alg="RS512"),
    "algorithm not allowed, RS1": token(alg="RS1"),
    "algorithm that is a list": token(alg=["RS256"]),
    "no algorithm": token(alg=None),
    "RSA key of 1024 bits": token(WEAK),
    "key for encryption": token(FOR_ENCRYPTION),
    "key for wrapping keys": token(FOR_WRAPPING),
    "key published on the wrong curve": token(WRONG_CURVE_NAME),
    "unknown critical extension": token(crit=["exp"], exp=1),
    "critical extension that the library knows": token(crit=["b64"], b64=True),
    "payload not in base64": token(crit=["b64"], b64=False),
    "payload not in base64, uncritically": token(b64=False),
    "crit that is a number": token(crit=5),
    "crit that is empty": token(crit=[]),
}

FORGED_FORMS = {
    "empty": "",
    "a space": " ",
    "two dots only": "..",
    "one part": "abc",
    "two parts": ".".join(token().split(".")[:2]),
    "four parts": token() + ".AAAA",
    "encrypted": ".".join(
        [segment({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": "k1"}), "AA", "AA", "AA", "AA"]
    ),
    "no header": "." + token().split(".", 1)[1],
    "no payload": with_parts_of(token().split(".")[0] + "..", token()),
    "padded base64": token() + "=",
    "surrounded by spaces": f" {token()} ",
    "non-ASCII": token().replace(".", ".\u00e9", 1),
    "full-width digits": token() + "\uff11",
    "a lone surrogate": token() + "\ud800",
    "an embedded NUL": token().replace(".", "\0.", 1),
    "a line break": token() + "\n",
    "one megabyte": "A" * 1_048_576,
    "one megabyte, well signed": with_claims(filler="x" * 1_048_576),
    "a character over 16 KiB": "A" * 16_385,
    "a header nested a thousand times": f"{base64url(b'[' * 3000)}.e30.AAAA",
    "a huge header": token(filler="x" * 6000),
    "a huge signature": token() + "A" * 2048,
    "a header that is text": signed(GENUINE, "alg b64", claims()),
    "a header that is a list": signed(GENUINE, ["alg", "b64"], claims()),
    "a header that is a number": signed(GENUINE, 5, claims()),
    "a header that is null": signed(GENUINE, None, claims()),
    "a header not in UTF-8": signed(GENUINE, b'{"alg":"\xff"}', claims()),
    "a payload that is a list": token(payload=[claims()]),
    "a payload that is no JSON": token(payload=b"iss=me"),
    "a payload not in UTF-8": token(
        payload=json.dumps(claims()).replace("hospital-a", "\u00ff").encode("latin-1")
    ),
    "a payload with a byte order mark": token(payload=b"\xef\xbb\xbf" + json.dumps(claims()).encode()),
    "a payload nested too deep": token(payload=b'{"filler":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "a type that is another": token(typ="logout+jwt"),
    "a type that is an ID token's cousin": token(typ="application/at+jwt2"),
    "a type that is empty": token(typ=""),
    "a type that is a number": token(typ=1),
    "a type that is null": signed(GENUINE, {"alg": "RS256", "kid": "k1", "typ": None}, claims()),
}

FORGED_CLAIMS = {
    "wrong issuer": with_claims(iss="https://login.example/realm/"),
    "issuer in capitals": with_claims(iss="https://LOGIN.example/realm"),
    "no issuer": with_claims(iss=None),
    "issuer that is a list": with_claims(iss=["https://login.example/realm"]),
    "wrong audience": with_claims(aud="https://other.example/fhir"),
    "audience that merely contains ours": with_claims(aud="https://invitations.example/fhir/other"),
    "audience that ours merely contains": with_claims(aud="https://invitations.example"),
    "no audience": with_claims(aud=None),
    "list without our audience": with_claims(aud=["https://other.example/fhir"]),
    "empty list of audiences": with_claims(aud=[]),
    "audience that is an object": with_claims(aud={"https://invitations.example/fhir": 1}),
    "no expiry": with_claims(exp=None),
    "expiry that is a string": with_claims(exp=str(SECONDS + 240)),
    "expiry that is true": with_claims(exp=True),
    "expiry that is null": with_raw_claim('"exp": null'),
    "expiry that is NaN": with_raw_claim('"exp": NaN'),
    "expiry that is Infinity": with_raw_claim('"exp": Infinity'),
    "expiry that overflows": with_raw_claim('"exp": 1e400'),
    "expiry in the year 10000": with_claims(exp=253_402_300_800),
    "expiry in milliseconds": with_claims(exp=(SECONDS + 240) * 1000),
    "expiry of a hundred digits": with_claims(exp=10**100),
    "not valid yet": with_claims(nbf=SECONDS + 31),
    "nbf that is a string": with_claims(nbf=str(SECONDS)),
    "nbf that is false": with_claims(nbf=False),
    "issued in the future": with_claims(iat=SECONDS + 31),
    "iat that is a string": with_claims(iat="yesterday"),
    "iat that is a list": with_claims(iat=[SECONDS]),
    "ID token as OpenID Connect has it": token(
        typ="JWT", payload=claims(aud="hospital-a", client_id=None, scope=None, nbf=None, auth_time=SECONDS)
    ),
    "ID token with nonce": with_claims(nonce="n-0S6_WzA2Mj"),
    "ID token with at_hash": with_claims(at_hash="77QmUPtjPfzWtF2AnpK9RQ"),
    "ID token with nonce null": with_raw_claim('"nonce": null'),
    "nobody's": with_claims(client_id=None, sub=None),
    "client_id empty": with_claims(client_id=""),
    "client_id with a space": with_claims(client_id="hospital a"),
    "client_id with a line break": with_claims(client_id="hospital-a\n"),
    "client_id with an accent": with_claims(client_id="h\u00f4pital"),
    "client_id of 256 characters": with_claims(client_id="x" * 256),
    "client_id that is a number": with_claims(client_id=1),
    "client_id that is null": with_raw_claim('"client_id": null'),
    "azp with a space": token(typ="JWT", payload=claims(client_id=None, azp="hospital a")),
    "at+jwt without client_id": with_claims(client_id=None, azp="hospital-a"),
    "client in sub alone": token(typ="JWT", payload=claims(client_id=None, sub="hospital-a")),
    "bound to a certificate": with_claims(cnf={"x5t#S256": "abc"}),
    "bound to a key": with_claims(cnf={"jkt": "abc"}),
    "bound to nothing in particular": with_raw_claim('"cnf": null'),
    "scope that is a number": with_claims(scope=1),
    "scope with a number in it": with_claims(scope=["system/Patient.read", 1]),
    "scp that is an object": with_claims(scope=None, scp={}),
}
