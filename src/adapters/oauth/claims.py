"""The claims of an access token, and what this service demands of them."""

from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from application.ports.access import AccessTokenExpired, AccessTokenInvalid, AccessTokenRejection
from domain.access import Caller, is_client_id


class AccessTokenRules(Struct, frozen=True):
    """Whose tokens are taken, and for whom they must be meant."""

    issuer: str
    """Compared character by character with `iss`."""
    audience: str
    """Must be among `aud`."""
    require_at_jwt: bool = False
    """Insist on the type `at+jwt`; else `JWT`, or none, will do: not every issuer follows RFC 9068."""
    leeway_seconds: float = 30.0
    """How far the issuer's clock and ours may differ."""


_END_OF_YEAR_9999 = 253_402_300_799
"""A later NumericDate is no date, but for example milliseconds: a token that would never expire."""

NumericDate: TypeAlias = int | float
Words: TypeAlias = str | list[str]


class TokenClaims(Struct, kw_only=True):
    """The claims that count, whether a JWT makes them or the issuer when asked.

    `scp` is what some issuers call `scope`, and `azp` what they call `client_id`. By `nonce` and `at_hash` an
    ID token gives itself away: https://openid.net/specs/openid-connect-core-1_0.html#IDToken .
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
        """Say who the caller is. `now` is in seconds since 1970.

        A token is called expired only if nothing else is wrong with it. The rules:
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
        """Tell whether this is an access token of the issuer, for this service."""
        return (
            self.iss in {UNSET, rules.issuer}
            and rules.audience in ([self.aud] if isinstance(self.aud, str) else self.aud)
            and self.nonce is UNSET
            and self.at_hash is UNSET
        )

    def _caller(self) -> Caller | None:
        """Give who holds the token, `None` if that is not a decent name."""
        client_id = next((name for name in (self.client_id, self.azp, self.sub) if name is not UNSET), None)
        if not isinstance(client_id, str) or not is_client_id(client_id):
            return None
        words = self.scp if isinstance(self.scope, UnsetType) else self.scope
        scopes = words.split(" ") if isinstance(words, str) else words
        return Caller(client_id, frozenset(scopes) - {""})
