"""What the issuer says of an access token when asked: https://www.rfc-editor.org/rfc/rfc7662#section-2.2 ."""

import msgspec
from msgspec import UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from adapters.oauth.issuer_unavailable import DocumentUnusable
from adapters.oauth.token_claims import TokenClaims
from application.ports.access_token_verifier import AccessTokenInvalid


class _State(Struct):
    """The only member of the answer that must be there."""

    active: bool


class IntrospectedClaims(TokenClaims, kw_only=True):
    """The claims of an active token.

    `iss` and `exp` may be missing, for the issuer answers itself and says that the token is active now. `aud`
    may not: without it nobody says that the token is meant for this service, as
    https://www.rfc-editor.org/rfc/rfc7662#section-4 wants it checked.
    """

    token_type: str | UnsetType = UNSET
    """Must be Bearer: other types, if an issuer names them, are refresh tokens, or are bound to a key."""

    @classmethod
    def read(cls, answer: bytes) -> Result["IntrospectedClaims", AccessTokenInvalid]:
        """Read the claims, if the token is active and may be used by whoever bears it.

        Raises `DocumentUnusable` when the answer is not what the standard says.
        """
        try:
            if not msgspec.json.decode(answer, type=_State).active:
                return Failure(AccessTokenInvalid())
            claims = msgspec.json.decode(answer, type=cls)
        except (ValueError, RecursionError) as error:
            raise DocumentUnusable("what the server says of a token cannot be read") from error
        if isinstance(claims.token_type, str) and claims.token_type.lower() != "bearer":
            return Failure(AccessTokenInvalid())
        return Success(claims)
