"""The port to access tokens."""

from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from domain.caller import Caller


class AccessTokenInvalid(Struct, frozen=True):
    """The access token is malformed, forged, not meant for this service, or not yet valid."""


class AccessTokenExpired(Struct, frozen=True):
    """The access token was genuine and is past its life."""


AccessTokenRejection: TypeAlias = AccessTokenInvalid | AccessTokenExpired


class AccessTokenVerifier(Protocol):
    """Tells who holds an access token."""

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `Unavailable` when that cannot be decided now."""
        ...
