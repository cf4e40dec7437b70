"""Verifies JWT access tokens against the issuer's keys."""

import re
from collections.abc import Callable
from hashlib import sha256

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import CompactSignature, extract_compact, validate_compact
from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from adapters.caches import TtlCache
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules, NumericDate, TokenClaims
from adapters.oauth.signing_keys import ALGORITHMS, SignatureAlgorithms
from application.ports.access import AccessTokenInvalid, AccessTokenRejection, AccessTokenVerifier
from application.ports.system import Clock
from domain.access import Caller
from domain.results import failed

_BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_MAX_CHARACTERS = 16_384

_REGISTRY = SignatureAlgorithms()
_AT_JWT = frozenset({"at+jwt", "application/at+jwt"})

_CLIENT_ID_ONLY = ("client_id",)
"""An `at+jwt` names its client in this claim: https://www.rfc-editor.org/rfc/rfc9068#section-2.2 ."""

_SIGNATURE_SECONDS = 30.0
"""How long a verified signature stays in the cache, while its key is in use."""

_SIGNATURES = 4096


def is_bearer_token(text: str) -> bool:
    """Check the size and the characters: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 ."""
    return len(text) <= _MAX_CHARACTERS and _BEARER_TOKEN.fullmatch(text) is not None


class _Header(Struct):
    """The header parameters that the service reads: https://www.rfc-editor.org/rfc/rfc7515#section-4.1 .

    It ignores `jku`, `jwk`, `x5u` and `x5c`, because a token could use them to bring its own key:
    https://www.rfc-editor.org/rfc/rfc8725#section-3.10 .
    """

    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: object = msgspec.UNSET

    def is_acceptable(self, *, require_at_jwt: bool) -> bool:
        """Check the algorithm, and the type: https://www.rfc-editor.org/rfc/rfc9068#section-4 .

        The service supports no critical extension: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11 .
        """
        if self.alg not in ALGORITHMS or self.crit is not msgspec.UNSET:
            return False
        return self.is_at_jwt or (not require_at_jwt and self._kind in {None, "jwt"})

    @property
    def is_at_jwt(self) -> bool:
        """Whether the token says that it follows RFC 9068."""
        return self._kind in _AT_JWT

    @property
    def _kind(self) -> str | None:
        return None if self.typ is None else self.typ.lower()


class CompactToken:
    """An access token with an acceptable header. Its signature is not verified yet."""

    def __init__(self, signature: CompactSignature, header: _Header) -> None:
        """Use `read` instead."""
        self._signature = signature
        self.kid = header.kid
        self.algorithm = header.alg
        self.is_at_jwt = header.is_at_jwt

    @classmethod
    def read(cls, access_token: str, *, require_at_jwt: bool) -> Result["CompactToken", AccessTokenInvalid]:
        """Parse the token, and check its form and header."""
        if not is_bearer_token(access_token):
            return Failure(AccessTokenInvalid())
        try:
            signature = extract_compact(access_token.encode(), registry=_REGISTRY)
            header = msgspec.convert(signature.headers(), _Header)
        # TypeError: joserfc expects an object without a check
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
        """Verify the signature. The key must be of the type that the algorithm needs."""
        try:
            return validate_compact(self._signature, key, registry=_REGISTRY)
        except JoseError:
            return False


class _JwtClaims(TokenClaims, kw_only=True):
    """A JWT must name its issuer and its expiry: https://www.rfc-editor.org/rfc/rfc9068#section-2.2 ."""

    iss: str
    exp: NumericDate


_MEMBERS = msgspec.json.Decoder(dict[str, object])


def judge_claims(payload: bytes, rules: AccessTokenRules, now: float) -> Result[Caller, AccessTokenRejection]:
    """Decode the claims, and identify the caller as `TokenClaims.judge` does."""
    try:
        members = _MEMBERS.decode(payload)
        claims = msgspec.convert(members, _JwtClaims)
    except (ValueError, RecursionError):
        return Failure(AccessTokenInvalid())
    return claims.judge(members, rules, now)


class _GenuineToken(Struct, frozen=True):
    """A token, and the key that has verified its signature."""

    token: CompactToken
    key: Key


class JwtAccessTokenVerifier(AccessTokenVerifier):
    """Accepts the tokens that the issuer has signed: https://www.rfc-editor.org/rfc/rfc9068#section-4 .

    It follows the best practices of https://www.rfc-editor.org/rfc/rfc8725 . No part of a token is logged,
    and a rejection says only that the token is invalid or expired. A verified signature stays in a cache, and
    counts while its key is in use. The cache finds it by the digest of the token.
    """

    def __init__(
        self,
        keys: CachedSigningKeys,
        clock: Clock,
        monotonic: Callable[[], float],
        rules: AccessTokenRules,
    ) -> None:
        """Open nothing. `monotonic` is a clock such as `time.monotonic`."""
        self._keys = keys
        self._clock = clock
        self._monotonic = monotonic
        self._rules = rules
        self._rules_for_at_jwt = replace(rules, client_claims=_CLIENT_ID_ONLY)
        self._genuine = TtlCache[_GenuineToken](_SIGNATURES)

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `IssuerUnavailable` without usable keys."""
        token = await self._genuine_token(access_token)
        if token is None:
            return Failure(AccessTokenInvalid())
        rules = self._rules_for_at_jwt if token.is_at_jwt else self._rules
        return judge_claims(token.payload, rules, self._clock.instant().timestamp())

    async def _genuine_token(self, access_token: str) -> CompactToken | None:
        # callers reuse a token, and its signature takes longer to verify than its claims
        digest = sha256(access_token.encode(errors="surrogatepass")).digest()
        now = self._monotonic()
        cached = self._genuine.find(digest, now)
        token = self._read(access_token) if cached is None else cached.token
        if token is None:
            return None
        keys = await self._keys.find(token.kid, token.algorithm)
        if cached is not None and any(cached.key is key for key in keys):
            return token
        key = next(filter(token.is_signed_by, keys), None)
        if key is None:
            return None
        self._genuine.keep(digest, _GenuineToken(token, key), until=now + _SIGNATURE_SECONDS)
        return token

    def _read(self, access_token: str) -> CompactToken | None:
        read = CompactToken.read(access_token, require_at_jwt=self._rules.require_at_jwt)
        return None if failed(read) else read.unwrap()
