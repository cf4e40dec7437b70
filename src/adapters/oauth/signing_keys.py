"""The public keys of an issuer, and the algorithms that each may verify."""

import base64
from collections.abc import Sequence
from itertools import product
from typing import TypeAlias

import msgspec
from joserfc.errors import JoseError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import JWSRegistry
from msgspec import Struct

from adapters.oauth.http_documents import DocumentUnusable

ALGORITHMS_BY_KEY = {
    ("RSA", None): frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("EC", "P-521"): frozenset({"ES512"}),
    ("OKP", "Ed25519"): frozenset({"Ed25519", "EdDSA"}),
}
"""The algorithms that a key may verify, by its type and curve.

`none` and symmetric algorithms are not allowed: https://www.rfc-editor.org/rfc/rfc8725#section-3.1 and
#section-3.2 .
"""

ALGORITHMS = frozenset[str]().union(*ALGORITHMS_BY_KEY.values())

_SMALLEST_RSA_MODULUS = 2048  # bits: https://www.rfc-editor.org/rfc/rfc7518#section-3.3

_Members: TypeAlias = dict[str, str | list[str]]


class SignatureAlgorithms(JWSRegistry):
    """joserfc's registry, limited to the algorithms above."""

    max_header_length = 4096
    """Characters of base64. joserfc's limit of 512 is too small for a header with certificates."""
    max_signature_length = 2048
    """Characters of base64. joserfc's limit of 1024 is too small for an RSA key of 8192 bits."""

    def __init__(self) -> None:
        """Ignore unknown header parameters: https://www.rfc-editor.org/rfc/rfc7515#section-4 ."""
        super().__init__(algorithms=ALGORITHMS, strict_check_header=False)

    def get_alg(self, name: str) -> JWSAlgModel:
        """Find the algorithm. joserfc warns about `EdDSA` at each use; here it always means Ed25519."""
        if name == "EdDSA":
            return self.algorithms[name]
        return super().get_alg(name)


class _JsonWebKey(Struct):
    """The members that describe a public key and its use. The service reads no others, private ones included.

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
    """A public key, its id, and the algorithms that it may verify."""

    kid: str | None
    algorithms: frozenset[str]
    key: Key


def read_signing_key(document: msgspec.Raw) -> SigningKey | None:
    """Read a JSON Web Key, or return `None` if it is malformed, too weak, or not for signatures.

    Such a key is ignored, and the rest of its set stays in use:
    https://www.rfc-editor.org/rfc/rfc7517#section-5 .
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
    # some issuers write members without a value as ""
    if jwk.use not in {None, "", "sig"} or (jwk.key_ops is not None and "verify" not in jwk.key_ops):
        return frozenset()
    possible = ALGORITHMS_BY_KEY.get((jwk.kty, jwk.crv), frozenset())
    return possible & {jwk.alg} if jwk.alg else possible


def _is_weak(jwk: _JsonWebKey) -> bool:
    """Check the size before the import, because joserfc would warn at every refresh."""
    if jwk.kty != "RSA":
        return False
    modulus = base64.urlsafe_b64decode(_number(jwk.n) + "==")
    return int.from_bytes(modulus).bit_length() < _SMALLEST_RSA_MODULUS


def _import(jwk: _JsonWebKey) -> Key:
    numbers = {"n": jwk.n, "e": jwk.e, "x": jwk.x, "y": jwk.y}
    members: _Members = {"kty": jwk.kty, **{name: _number(text) for name, text in numbers.items()}}
    if jwk.crv is not None:
        members["crv"] = jwk.crv
    return JWKRegistry.import_key(members)


_URL_SAFE = str.maketrans("+/", "-_")


def _number(text: str) -> str:
    """Write base64 as https://www.rfc-editor.org/rfc/rfc7515#section-2 has it. Some issuers do not."""
    return text.translate(_URL_SAFE).rstrip("=")


class _AnyKey(Struct):
    """The only required member: https://www.rfc-editor.org/rfc/rfc7517#section-4.1 ."""

    kty: str


def _is_json_web_key(document: msgspec.Raw) -> bool:
    try:
        msgspec.json.decode(document, type=_AnyKey)
    except (ValueError, RecursionError):
        return False
    return True


class _JsonWebKeySet(msgspec.Struct):
    """https://www.rfc-editor.org/rfc/rfc7517#section-5 ."""

    keys: list[msgspec.Raw]


_MOST_CANDIDATES = 8
"""How many keys are tried for a token: anyone can send one without a key id."""


class SigningKeys:
    """The usable keys of a published key set. There may be none: an issuer can withdraw all its keys."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        """Index the keys by id and algorithm. Several may share both, as an id need not be unique.

        Source: https://www.rfc-editor.org/rfc/rfc7517#section-4.5
        """
        self._ids = frozenset(key.kid for key in keys)
        self._by_name: dict[tuple[str | None, str], list[Key]] = {}
        for key in keys:
            for name, algorithm in product({key.kid, None}, key.algorithms):
                self._by_name.setdefault((name, algorithm), []).append(key.key)

    @classmethod
    def read(cls, document: bytes) -> "SigningKeys":
        """Read a JSON Web Key Set, which may be empty. Raises `DocumentUnusable` if it is damaged."""
        try:
            key_set = msgspec.json.decode(document, type=_JsonWebKeySet)
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("the key set cannot be read") from error
        keys = [key for key in map(read_signing_key, key_set.keys) if key is not None]
        if not keys and not all(map(_is_json_web_key, key_set.keys)):
            raise DocumentUnusable("the key set holds no usable key")
        return cls(keys)

    @property
    def is_empty(self) -> bool:
        """Whether no token can be verified."""
        return not self._ids

    def knows(self, kid: str | None) -> bool:
        """Return True if the set has a key of this id. A token without an id names no missing key."""
        return kid is None or kid in self._ids

    def find(self, kid: str | None, algorithm: str) -> Sequence[Key]:
        """Find the keys that may have signed a token: those of its id, or all if it has none."""
        return self._by_name.get((kid, algorithm), [])[:_MOST_CANDIDATES]
