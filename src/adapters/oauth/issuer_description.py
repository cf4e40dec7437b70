"""Where what is told of the issuer comes from."""

from typing import Protocol

from application.ports.authorisation_server import AuthorisationServer


class IssuerDescription(Protocol):
    """A place where the issuer says how tokens are had. Constructing one opens nothing."""

    async def describe(self) -> AuthorisationServer | None:
        """Tell how tokens are had; None where the issuer is not to be asked. Raises `Unavailable`.

        `CachedAuthorisationServer` bounds the time that this may take.
        """
        ...

    async def aclose(self) -> None:
        """Close what asking has opened."""
        ...


class UndescribedIssuer(IssuerDescription):
    """Stands where a key set replaces the issuer's metadata: the issuer is never asked."""

    async def describe(self) -> None:
        """Tell nothing."""

    async def aclose(self) -> None:
        """Close nothing."""
