"""One key of a published key set."""

import base64
from typing import TypeAlias

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from msgspec import Struct

from adapters.oauth.signature_algorithms import ALGORITHMS_BY_KEY

_SMALLEST_RSA_MODULUS = 2048  # bits: https://www.rfc-editor.org/rfc/rfc7518#section-3.3


class _JsonWebKey(Struct):
    """The members that say what a public key is and is for; others, private ones too, are not even read.

    https://www.rfc-editor.org/rfc/rfc7517#section-4 , https://www.rfc-editor.org/rfc/rfc7518#section-6
    """

    kty: str
    kid: str | None = None
    use: str | None = None
    key_ops: list[str] | None = None
    alg: str | None = None
    crv: str | None = None
    n: str = ""
    e: str = ""
    x: str = ""
    y: str = ""


class SigningKey(Struct, frozen=True):
    """A public key, the name it is published under, and the algorithms it may verify."""

    kid: str | None
    algorithms: frozenset[str]
    key: Key


def read_signing_key(document: msgspec.Raw) -> SigningKey | None:
    """Read a JSON Web Key; `None` if it is malformed, too weak, or not for verifying access tokens.

    Such a key is ignored, and the rest of its set is not: https://www.rfc-editor.org/rfc/rfc7517#section-5 .
    """
    try:
        jwk = msgspec.json.decode(document, type=_JsonWebKey)
        algorithms = _algorithms(jwk)
        if not algorithms or _is_weak(jwk):
            return None
        return SigningKey(jwk.kid, algorithms, _import(jwk))
    except (JoseError, ValueError, RecursionError):
        return None


def _algorithms(jwk: _JsonWebKey) -> frozenset[str]:
    if jwk.use not in {None, "sig"} or (jwk.key_ops is not None and "verify" not in jwk.key_ops):
        return frozenset()
    possible = ALGORITHMS_BY_KEY.get((jwk.kty, jwk.crv), frozenset())
    return possible if jwk.alg is None else possible & {jwk.alg}


def _is_weak(jwk: _JsonWebKey) -> bool:
    """Tell before importing, at which the library would warn on every refresh."""
    if jwk.kty != "RSA":
        return False
    modulus = base64.urlsafe_b64decode(jwk.n + "==")
    return int.from_bytes(modulus).bit_length() < _SMALLEST_RSA_MODULUS


_Members: TypeAlias = dict[str, str | list[str]]


def _import(jwk: _JsonWebKey) -> Key:
    members: _Members = {"kty": jwk.kty, "n": jwk.n, "e": jwk.e, "x": jwk.x, "y": jwk.y}
    if jwk.crv is not None:
        members["crv"] = jwk.crv
    return JWKRegistry.import_key(members)
