"""The claims of an access token, and the rules that they must meet."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from application.ports.access import AccessTokenExpired, AccessTokenInvalid, AccessTokenRejection
from domain.access import Caller, is_client_id

_END_OF_YEAR_9999 = 253_402_300_799
"""A later NumericDate is a mistake, for example milliseconds, and its token would never expire."""

NumericDate: TypeAlias = int | float
Words: TypeAlias = str | list[str]
Members: TypeAlias = Mapping[str, object]
"""All claims of a token, by name."""


class AccessTokenRules(Struct, frozen=True):
    """The issuer, audience and type that a token must have, and the claims that name client and scopes."""

    issuer: str
    """Must equal `iss` character by character."""
    audience: str
    """Must be in `aud`."""
    require_at_jwt: bool = False
    """Accept `at+jwt` only. Without this, `JWT` or no type will do: issuers may not follow RFC 9068."""
    client_claims: tuple[str, ...] = ("client_id", "azp")
    """The claims that may name the client. The first one that a token has counts."""
    scope_claims: tuple[str, ...] = ("scope", "scp")
    """The claims that may hold the scopes. The first one that a token has counts."""
    leeway_seconds: float = 30.0
    """How far the issuer's clock and ours may differ."""


class TokenClaims(Struct, kw_only=True):
    """The claims that mean the same at every issuer, from a JWT or from an introspection response.

    `nonce` and `at_hash` occur in ID tokens only:
    https://openid.net/specs/openid-connect-core-1_0.html#IDToken . `cnf` binds a token to a key or
    certificate of its sender, which a bearer does not prove to have:
    https://www.rfc-editor.org/rfc/rfc8705#section-3 .
    """

    iss: str | UnsetType = UNSET
    aud: Words = ""
    exp: NumericDate = _END_OF_YEAR_9999
    nbf: NumericDate = 0
    iat: NumericDate = 0
    nonce: object = UNSET
    at_hash: object = UNSET
    cnf: object = UNSET

    def judge(
        self, members: Members, rules: AccessTokenRules, now: float
    ) -> Result[Caller, AccessTokenRejection]:
        """Identify the caller by the members of the token. `now` is in seconds since 1970.

        A token counts as expired only if nothing else is wrong with it. Sources:
        https://www.rfc-editor.org/rfc/rfc7519#section-4.1 , https://www.rfc-editor.org/rfc/rfc9068#section-4.
        """
        latest = now + rules.leeway_seconds
        if self.nbf > latest or self.iat > latest or self.exp > _END_OF_YEAR_9999:
            return Failure(AccessTokenInvalid())
        caller = _caller(members, rules)
        if caller is None or not self._is_for(rules):
            return Failure(AccessTokenInvalid())
        if now - rules.leeway_seconds >= self.exp:
            return Failure(AccessTokenExpired())
        return Success(caller)

    def _is_for(self, rules: AccessTokenRules) -> bool:
        """Check that this is a bearer access token from the issuer, for this service."""
        return (
            self.iss in {UNSET, rules.issuer}
            and rules.audience in ([self.aud] if isinstance(self.aud, str) else self.aud)
            and self.nonce is self.at_hash is self.cnf is UNSET
        )


def _caller(members: Members, rules: AccessTokenRules) -> Caller | None:
    """Find the client and its scopes, or return `None` if their claims are not usable."""
    client_id = _first(members, rules.client_claims)
    scopes = _words(_first(members, rules.scope_claims))
    if not isinstance(client_id, str) or not is_client_id(client_id) or scopes is None:
        return None
    return Caller(client_id, scopes)


def _first(members: Members, names: Sequence[str]) -> object:
    return next((members[name] for name in names if name in members), UNSET)


def _words(claim: object) -> frozenset[str] | None:
    if claim is UNSET:
        return frozenset()
    words = claim.split(" ") if isinstance(claim, str) else claim
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return None
    return frozenset(words) - {""}
