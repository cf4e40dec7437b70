"""Keys that sign tokens, without the library that verifies them."""

import base64
import functools
import hashlib
import hmac
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Jwk: TypeAlias = dict[str, object]
PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

_CURVES = {
    "ES256": ("P-256", ec.SECP256R1(), 32),
    "ES384": ("P-384", ec.SECP384R1(), 48),
    "ES512": ("P-521", ec.SECP521R1(), 66),
}
_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _integer(value: int, size: int | None = None) -> str:
    return base64url(value.to_bytes(size or (value.bit_length() + 7) // 8))


class TokenKey:
    """A private key, the id it is published under, and the algorithm it signs with."""

    def __init__(self, kid: str, algorithm: str, private: PrivateKey) -> None:
        self.kid = kid
        self.algorithm = algorithm
        self.private = private

    def sign(self, message: bytes) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(message)
        digest = _HASHES.get(self.algorithm[2:], hashes.SHA256())
        if isinstance(self.private, rsa.RSAPrivateKey):
            pss = padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
            scheme = pss if self.algorithm.startswith("PS") else padding.PKCS1v15()
            return self.private.sign(message, scheme, digest)
        _, _, size = _CURVES[self.algorithm]
        r, s = decode_dss_signature(self.private.sign(message, ec.ECDSA(digest)))
        return r.to_bytes(size) + s.to_bytes(size)

    def jwk(self, **changes: object) -> Jwk:
        members = {"kid": self.kid, "use": "sig", "alg": self.algorithm, **self._numbers(), **changes}
        return {name: value for name, value in members.items() if value is not None}

    def public_pem(self) -> bytes:
        public = self.private.public_key()
        return public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def _numbers(self) -> Jwk:
        if isinstance(self.private, rsa.RSAPrivateKey):
            rsa_numbers = self.private.public_key().public_numbers()
            return {"kty": "RSA", "n": _integer(rsa_numbers.n), "e": _integer(rsa_numbers.e)}
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": base64url(self.private.public_key().public_bytes_raw()),
            }
        curve, _, size = _CURVES[self.algorithm]
        point = self.private.public_key().public_numbers()
        return {"kty": "EC", "crv": curve, "x": _integer(point.x, size), "y": _integer(point.y, size)}


class SharedSecret(TokenKey):
    """A secret that signs with HMAC, which an attacker may know."""

    def __init__(self, kid: str, secret: bytes) -> None:
        super().__init__(kid, "HS256", key().private)
        self._secret = secret

    def sign(self, message: bytes) -> bytes:
        return hmac.digest(self._secret, message, hashlib.sha256)

    def _numbers(self) -> Jwk:
        return {"kty": "oct", "k": base64url(self._secret)}


@functools.cache
def key(kid: str = "k1", algorithm: str = "RS256", bits: int = 2048) -> TokenKey:
    """Give the same key for the same arguments: making an RSA key takes long."""
    if algorithm in _CURVES:
        return TokenKey(kid, algorithm, ec.generate_private_key(_CURVES[algorithm][1]))
    if algorithm in {"EdDSA", "Ed25519"}:
        return TokenKey(kid, algorithm, ed25519.Ed25519PrivateKey.generate())
    return TokenKey(kid, algorithm, rsa.generate_private_key(65537, bits))
