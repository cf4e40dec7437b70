"""What an access token says, once its signature has been found good."""

import msgspec
from returns.result import Failure, Result

from adapters.oauth.access_token_rules import AccessTokenRules
from adapters.oauth.token_claims import NumericDate, TokenClaims
from application.ports.access_token_verifier import AccessTokenInvalid, AccessTokenRejection
from domain.caller import Caller


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
