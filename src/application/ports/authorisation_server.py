"""The port to what is known of the server that issues access tokens."""

from typing import Protocol

from msgspec import Struct


class AuthorisationServer(Struct, frozen=True, kw_only=True):
    """Where clients get access tokens, and how they may authenticate there.

    The names are those of https://www.rfc-editor.org/rfc/rfc8414#section-2 .
    """

    token_endpoint: str
    authorization_endpoint: str | None = None
    introspection_endpoint: str | None = None
    revocation_endpoint: str | None = None
    token_endpoint_auth_methods: tuple[str, ...] = ("client_secret_basic",)


class AuthorisationServerDirectory(Protocol):
    """Knows the server that issues access tokens."""

    async def look_up(self) -> AuthorisationServer | None:
        """Describe the server; None when it is not asked to describe itself. Raises `Unavailable`."""
        ...
