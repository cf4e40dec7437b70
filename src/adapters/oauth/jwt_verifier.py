"""Verifies access tokens that are JSON Web Tokens."""

from returns.result import Failure, Result

from adapters.oauth.access_token_rules import AccessTokenRules
from adapters.oauth.cached_signing_keys import CachedSigningKeys
from adapters.oauth.compact_token import CompactToken
from adapters.oauth.jwt_claims import judge_claims
from application.ports.access_token_verifier import (
    AccessTokenInvalid,
    AccessTokenRejection,
    AccessTokenVerifier,
)
from application.ports.clock import Clock
from domain.caller import Caller


class JwtAccessTokenVerifier(AccessTokenVerifier):
    """Trusts what an issuer has signed: https://www.rfc-editor.org/rfc/rfc9068#section-4 .

    Tokens are hostile until proven genuine: https://www.rfc-editor.org/rfc/rfc8725 . Nothing of a token is
    logged, and no rejection says more than that a token is invalid or expired.
    """

    def __init__(self, keys: CachedSigningKeys, clock: Clock, rules: AccessTokenRules) -> None:
        """Take the issuer's keys, the time, and what is demanded of a token. Opens nothing."""
        self._keys = keys
        self._clock = clock
        self._rules = rules

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `IssuerUnavailable` without keys to judge by."""
        read = CompactToken.read(access_token, require_at_jwt=self._rules.require_at_jwt)
        if isinstance(read, Failure):
            return Failure(read.failure())
        token = read.unwrap()
        key = await self._keys.find(token.kid, token.algorithm)
        if key is None or not token.is_signed_by(key):
            return Failure(AccessTokenInvalid())
        return judge_claims(token.payload, self._rules, self._clock.instant().timestamp())
