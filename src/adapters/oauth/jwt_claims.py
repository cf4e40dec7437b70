"""What an access token says, once its signature has been found good."""

from typing import TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from adapters.oauth.access_token_rules import AccessTokenRules
from application.ports.access_token_verifier import (
    AccessTokenExpired,
    AccessTokenInvalid,
    AccessTokenRejection,
)
from domain.caller import Caller, is_client_id

_END_OF_YEAR_9999 = 253_402_300_799
"""A later NumericDate is no date, but for example milliseconds: a token that would never expire."""

_NumericDate: TypeAlias = int | float
_Words: TypeAlias = str | list[str]


class _Claims(Struct):
    """The claims that count: https://www.rfc-editor.org/rfc/rfc9068#section-2.2 .

    `scp` is what some issuers call `scope`, and `azp` what they call `client_id`. By `nonce` and `at_hash` an
    ID token gives itself away: https://openid.net/specs/openid-connect-core-1_0.html#IDToken .
    """

    iss: str
    aud: _Words
    exp: _NumericDate
    nbf: _NumericDate = 0
    iat: _NumericDate = 0
    client_id: object = UNSET
    azp: object = UNSET
    sub: object = UNSET
    scope: _Words | UnsetType = UNSET
    scp: _Words = ""
    nonce: object = UNSET
    at_hash: object = UNSET

    def are_for(self, rules: AccessTokenRules) -> bool:
        """Tell whether this is an access token of the issuer, for this service."""
        return (
            self.iss == rules.issuer
            and rules.audience in ([self.aud] if isinstance(self.aud, str) else self.aud)
            and self.nonce is UNSET
            and self.at_hash is UNSET
        )

    def caller(self) -> Caller | None:
        """Give who holds the token, `None` if that is not a decent name."""
        client_id = next((name for name in (self.client_id, self.azp, self.sub) if name is not UNSET), None)
        if not isinstance(client_id, str) or not is_client_id(client_id):
            return None
        words = self.scp if isinstance(self.scope, UnsetType) else self.scope
        scopes = words.split(" ") if isinstance(words, str) else words
        return Caller(client_id, frozenset(scopes) - {""})


_DECODER = msgspec.json.Decoder(_Claims)


def judge_claims(payload: bytes, rules: AccessTokenRules, now: float) -> Result[Caller, AccessTokenRejection]:
    """Say who the caller is. `now` is in seconds since 1970.

    A token is called expired only if nothing else is wrong with it. The rules:
    https://www.rfc-editor.org/rfc/rfc7519#section-4.1 , https://www.rfc-editor.org/rfc/rfc9068#section-4 .
    """
    try:
        claims = _DECODER.decode(payload)
    except (ValueError, RecursionError):
        return Failure(AccessTokenInvalid())
    latest = now + rules.leeway_seconds
    if claims.nbf > latest or claims.iat > latest or claims.exp > _END_OF_YEAR_9999:
        return Failure(AccessTokenInvalid())
    caller = claims.caller()
    if caller is None or not claims.are_for(rules):
        return Failure(AccessTokenInvalid())
    if now - rules.leeway_seconds >= claims.exp:
        return Failure(AccessTokenExpired())
    return Success(caller)
