"""Verifies access tokens that are JSON Web Tokens."""

import re
from collections.abc import Callable
from hashlib import sha256

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import CompactSignature, extract_compact, validate_compact
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.caches import TtlCache
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.claims import AccessTokenRules, NumericDate, TokenClaims
from adapters.oauth.signing_keys import ALGORITHMS, SignatureAlgorithms
from application.ports.access import AccessTokenInvalid, AccessTokenRejection, AccessTokenVerifier
from application.ports.system import Clock
from domain.access import Caller

_BEARER_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_MAX_CHARACTERS = 16_384


def is_bearer_token(text: str) -> bool:
    """Tell whether this may be an access token: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 .

    What is larger than any genuine one is none.
    """
    return len(text) <= _MAX_CHARACTERS and _BEARER_TOKEN.fullmatch(text) is not None


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


class _JwtClaims(TokenClaims, kw_only=True):
    """A JWT must say whose it is, and until when: https://www.rfc-editor.org/rfc/rfc9068#section-2.2 ."""

    iss: str
    exp: NumericDate


_DECODER = msgspec.json.Decoder(_JwtClaims)


def judge_claims(payload: bytes, rules: AccessTokenRules, now: float) -> Result[Caller, AccessTokenRejection]:
    """Say who the caller is, as `TokenClaims.judge` does."""
    try:
        claims = _DECODER.decode(payload)
    except (ValueError, RecursionError):
        return Failure(AccessTokenInvalid())
    return claims.judge(rules, now)


SIGNATURE_SECONDS = 30.0
"""How long a signature counts that was found good: a key that the issuer withdraws may work for so long."""

_SIGNATURES = 4096


class JwtAccessTokenVerifier(AccessTokenVerifier):
    """Trusts what an issuer has signed: https://www.rfc-editor.org/rfc/rfc9068#section-4 .

    Tokens are hostile until proven genuine: https://www.rfc-editor.org/rfc/rfc8725 . Nothing of a token is
    logged, and no rejection says more than that a token is invalid or expired. Of a genuine one the digest
    and the claims are kept for a moment.
    """

    def __init__(
        self,
        keys: CachedSigningKeys,
        clock: Clock,
        monotonic: Callable[[], float],
        rules: AccessTokenRules,
    ) -> None:
        """Take the issuer's keys, the time, and what is demanded of a token. Opens nothing."""
        self._keys = keys
        self._clock = clock
        self._monotonic = monotonic
        self._rules = rules
        self._genuine = TtlCache[bytes](_SIGNATURES)

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `IssuerUnavailable` without keys to judge by."""
        claims = await self._genuine_claims(access_token)
        if claims is None:
            return Failure(AccessTokenInvalid())
        return judge_claims(claims, self._rules, self._clock.instant().timestamp())

    async def _genuine_claims(self, access_token: str) -> bytes | None:
        # callers use a token for many calls, and who signed it takes longer to check than what it says
        digest = sha256(access_token.encode(errors="surrogatepass")).digest()
        now = self._monotonic()
        remembered = self._genuine.find(digest, now)
        if remembered is not None:
            return remembered
        read = CompactToken.read(access_token, require_at_jwt=self._rules.require_at_jwt)
        if isinstance(read, Failure):
            return None
        token = read.unwrap()
        key = await self._keys.find(token.kid, token.algorithm)
        if key is None or not token.is_signed_by(key):
            return None
        self._genuine.keep(digest, token.payload, until=now + SIGNATURE_SECONDS)
        return token.payload
