"""The ports to callers: their access tokens, grants, organisations and rate limits."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from domain.access import Caller, Grant
from domain.organisations import Organisation, OrganisationId
from domain.rate_limits import Throttled


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


class AuthorisationServer(Struct, frozen=True, kw_only=True):
    """Where clients get access tokens, and how they may authenticate there.

    The names are those of https://www.rfc-editor.org/rfc/rfc8414#section-2 .
    """

    token_endpoint: str
    authorization_endpoint: str | None = None
    introspection_endpoint: str | None = None
    revocation_endpoint: str | None = None
    token_endpoint_auth_methods: tuple[str, ...] = ("client_secret_basic",)


class AuthorisationServerRepository(Protocol):
    """Knows the server that issues access tokens."""

    async def look_up(self) -> AuthorisationServer | None:
        """Describe the server; None when it is not asked to describe itself. Raises `Unavailable`."""
        ...


class OrganisationGrants(Protocol):
    """Knows which client may act for which organisation."""

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands. Raises `Unavailable`."""
        ...


class GrantRepository(Protocol):
    """Keeps the grants. All methods raise `Unavailable`."""

    async def add(self, grant: Grant) -> None:
        """Add the grant for an organisation that is there, unless it stands already."""
        ...

    async def remove(self, grant: Grant) -> bool:
        """Remove the grant; tell whether it was there."""
        ...

    async def all(self) -> Sequence[Grant]:
        """List the grants, ordered by client and organisation."""
        ...


class OrganisationRepository(Protocol):
    """Keeps the organisations. All methods raise `Unavailable`."""

    async def add(self, organisation: Organisation) -> bool:
        """Add the organisation; tell whether it is new. An organisation that is there stays as it is."""
        ...

    async def contains(self, organisation_id: OrganisationId) -> bool:
        """Tell whether the organisation is there."""
        ...


class RateLimits(Protocol):
    """Keeps account of how much is asked for under each grant."""

    async def take(self, grant: Grant, amount: int) -> Result[None, Throttled]:
        """Take an amount from what the grant allows, or tell how long to wait. Raises `Unavailable`."""
        ...
