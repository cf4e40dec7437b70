"""The claims of an access token, and the rules that they must meet."""

from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from application.ports.access import AccessTokenExpired, AccessTokenInvalid, AccessTokenRejection
from domain.access import Caller, is_client_id

_END_OF_YEAR_9999 = 253_402_300_799
"""A later NumericDate is a mistake, for example milliseconds, and its token would never expire."""

NumericDate: TypeAlias = int | float
Words: TypeAlias = str | list[str]


class AccessTokenRules(Struct, frozen=True):
    """The issuer, audience and type that a token must have."""

    issuer: str
    """Must equal `iss` character by character."""
    audience: str
    """Must be in `aud`."""
    require_at_jwt: bool = False
    """Accept `at+jwt` only. Without this, `JWT` or no type will do: issuers may not follow RFC 9068."""
    leeway_seconds: float = 30.0
    """How far the issuer's clock and ours may differ."""


class TokenClaims(Struct, kw_only=True):
    """The claims that the service reads, from a JWT or from an introspection response.

    Some issuers write `scp` for `scope`, and `azp` for `client_id`. `nonce` and `at_hash` occur in ID tokens
    only: https://openid.net/specs/openid-connect-core-1_0.html#IDToken .
    """

    iss: str | UnsetType = UNSET
    aud: Words = ""
    exp: NumericDate = _END_OF_YEAR_9999
    nbf: NumericDate = 0
    iat: NumericDate = 0
    client_id: object = UNSET
    azp: object = UNSET
    sub: object = UNSET
    scope: Words | UnsetType = UNSET
    scp: Words = ""
    nonce: object = UNSET
    at_hash: object = UNSET

    def judge(self, rules: AccessTokenRules, now: float) -> Result[Caller, AccessTokenRejection]:
        """Identify the caller. `now` is in seconds since 1970.

        A token counts as expired only if nothing else is wrong with it. Sources:
        https://www.rfc-editor.org/rfc/rfc7519#section-4.1 , https://www.rfc-editor.org/rfc/rfc9068#section-4.
        """
        latest = now + rules.leeway_seconds
        if self.nbf > latest or self.iat > latest or self.exp > _END_OF_YEAR_9999:
            return Failure(AccessTokenInvalid())
        caller = self._caller()
        if caller is None or not self._is_for(rules):
            return Failure(AccessTokenInvalid())
        if now - rules.leeway_seconds >= self.exp:
            return Failure(AccessTokenExpired())
        return Success(caller)

    def _is_for(self, rules: AccessTokenRules) -> bool:
        """Check that this is an access token from the issuer, for this service."""
        return (
            self.iss in {UNSET, rules.issuer}
            and rules.audience in ([self.aud] if isinstance(self.aud, str) else self.aud)
            and self.nonce is UNSET
            and self.at_hash is UNSET
        )

    def _caller(self) -> Caller | None:
        """Find the client of the token, or `None` if the claim is not a valid client id."""
        client_id = next((name for name in (self.client_id, self.azp, self.sub) if name is not UNSET), None)
        if not isinstance(client_id, str) or not is_client_id(client_id):
            return None
        words = self.scp if isinstance(self.scope, UnsetType) else self.scope
        scopes = words.split(" ") if isinstance(words, str) else words
        return Caller(client_id, frozenset(scopes) - {""})
