"""What is known of the issuer, as the operator's settings allow."""

from collections.abc import Callable

from adapters.oauth.cached_authorisation_server import CachedAuthorisationServer
from adapters.oauth.issuer_metadata import IssuerMetadata
from application.ports.authorisation_server import AuthorisationServerDirectory


class UndescribedAuthorisationServer(AuthorisationServerDirectory):
    """Stands where a key set replaces the issuer's metadata: the issuer is never asked."""

    async def look_up(self) -> None:
        """Describe nothing."""

    async def aclose(self) -> None:
        """Close nothing."""


def configured_authorisation_server(
    issuer: str, jwks: str, monotonic: Callable[[], float]
) -> CachedAuthorisationServer | UndescribedAuthorisationServer:
    """Give what the settings ask for. Opens nothing. Raises `ValueError` for a malformed URL.

    `jwks` is the URL or the path of a key set, or empty: then the issuer's metadata are asked for.
    """
    if jwks:
        return UndescribedAuthorisationServer()
    return CachedAuthorisationServer(IssuerMetadata(issuer), monotonic)
