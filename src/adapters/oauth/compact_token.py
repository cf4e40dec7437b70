"""The outer form of an access token: a JSON Web Signature in compact serialisation."""

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import CompactSignature, extract_compact, validate_compact
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.oauth.bearer_token import is_bearer_token
from adapters.oauth.signature_algorithms import ALGORITHMS, SignatureAlgorithms
from application.ports.access_token_verifier import AccessTokenInvalid

_REGISTRY = SignatureAlgorithms()
_AT_JWT = frozenset({"at+jwt", "application/at+jwt"})


class _Header(Struct):
    """The header parameters that count: https://www.rfc-editor.org/rfc/rfc7515#section-4.1 .

    `jku`, `jwk`, `x5u` and `x5c`, by which a token could bring its own key, are not among them:
    https://www.rfc-editor.org/rfc/rfc8725#section-3.10 .
    """

    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: object = msgspec.UNSET

    def is_acceptable(self, *, require_at_jwt: bool) -> bool:
        """Tell whether the token may be an access token, and is signed in a way that is understood.

        An extension that must be understood is not: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11 .
        The type: https://www.rfc-editor.org/rfc/rfc9068#section-4 .
        """
        if self.alg not in ALGORITHMS or self.crit is not msgspec.UNSET:
            return False
        kind = None if self.typ is None else self.typ.lower()
        return kind in _AT_JWT or (not require_at_jwt and kind in {None, "jwt"})


class CompactToken:
    """An access token whose header is acceptable; nothing of it is proven yet."""

    def __init__(self, signature: CompactSignature, header: _Header) -> None:
        """Keep what `read` has found."""
        self._signature = signature
        self.kid = header.kid
        self.algorithm = header.alg

    @classmethod
    def read(cls, access_token: str, *, require_at_jwt: bool) -> Result["CompactToken", AccessTokenInvalid]:
        """Take the token apart, unless it cannot be one."""
        if not is_bearer_token(access_token):
            return Failure(AccessTokenInvalid())
        try:
            signature = extract_compact(access_token.encode(), registry=_REGISTRY)
            header = msgspec.convert(signature.headers(), _Header)
        # TypeError: the library takes the header for an object before anybody has looked.
        except (JoseError, ValueError, TypeError, RecursionError):
            return Failure(AccessTokenInvalid())
        if not header.is_acceptable(require_at_jwt=require_at_jwt):
            return Failure(AccessTokenInvalid())
        return Success(cls(signature, header))

    @property
    def payload(self) -> bytes:
        """The claims, as JSON."""
        return self._signature.payload

    def is_signed_by(self, key: Key) -> bool:
        """Tell whether the signature is the key's; the key must be of the type that the algorithm needs."""
        try:
            return validate_compact(self._signature, key, registry=_REGISTRY)
        except JoseError:
            return False
