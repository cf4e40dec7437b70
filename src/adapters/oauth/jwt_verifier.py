"""Verifies access tokens that are JSON Web Tokens."""

from collections.abc import Callable
from hashlib import sha256

from returns.result import Failure, Result

from adapters.oauth.access_token_rules import AccessTokenRules
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.compact_token import CompactToken
from adapters.oauth.jwt_claims import judge_claims
from adapters.oauth.short_memory import ShortMemory
from application.ports.access_token_verifier import (
    AccessTokenInvalid,
    AccessTokenRejection,
    AccessTokenVerifier,
)
from application.ports.clock import Clock
from domain.caller import Caller

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
        self._genuine = ShortMemory[bytes](_SIGNATURES)

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
