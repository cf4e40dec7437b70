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
    logged or kept but its digest, and no rejection says more than that a token is invalid or expired.
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
        self._genuine = ShortMemory[bool](_SIGNATURES)

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `IssuerUnavailable` without keys to judge by."""
        read = CompactToken.read(access_token, require_at_jwt=self._rules.require_at_jwt)
        if isinstance(read, Failure):
            return Failure(read.failure())
        token = read.unwrap()
        if not await self._is_genuine(access_token, token):
            return Failure(AccessTokenInvalid())
        return judge_claims(token.payload, self._rules, self._clock.instant().timestamp())

    async def _is_genuine(self, access_token: str, token: CompactToken) -> bool:
        # callers use a token for many calls, and a signature takes longer to check than all that it says
        digest, now = sha256(access_token.encode()).digest(), self._monotonic()
        if self._genuine.find(digest, now):
            return True
        key = await self._keys.find(token.kid, token.algorithm)
        if key is None or not token.is_signed_by(key):
            return False
        self._genuine.keep(digest, finding=True, until=now + SIGNATURE_SECONDS)
        return True
