"""The ports to access tokens, grants, organisations and rate limits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from msgspec import Struct
from returns.result import Result

from domain.access import Caller, Charged, Grant, GrantTerms, RedemptionGrant
from domain.organisations import Organisation, OrganisationId
from domain.rate_limits import Throttled


class AccessTokenInvalid(Struct, frozen=True):
    """The access token is malformed, forged, not issued for this service, or not yet valid."""


class AccessTokenExpired(Struct, frozen=True):
    """The access token is genuine and has expired."""


AccessTokenRejection: TypeAlias = AccessTokenInvalid | AccessTokenExpired


class AccessTokenVerifier(Protocol):
    """Authenticates callers by their access tokens."""

    async def verify(self, access_token: str) -> Result[Caller, AccessTokenRejection]:
        """Authenticate the caller by its token. Raises `Unavailable` if that cannot be decided now."""
        ...


class AuthorisationServer(Struct, frozen=True, kw_only=True):
    """The endpoints at which clients get access tokens, and how clients authenticate there.

    The names are those of https://www.rfc-editor.org/rfc/rfc8414#section-2 .
    """

    token_endpoint: str
    authorization_endpoint: str | None = None
    introspection_endpoint: str | None = None
    revocation_endpoint: str | None = None
    token_endpoint_auth_methods: tuple[str, ...] = ("client_secret_basic",)


class AuthorisationServerRepository(Protocol):
    """Describes the server that issues access tokens."""

    async def look_up(self) -> AuthorisationServer | None:
        """Give the server's description; None if no metadata is configured. Raises `Unavailable`."""
        ...


class OrganisationGrants(Protocol):
    """Looks up which client may act for which organisation."""

    async def terms(self, grant: Grant) -> GrantTerms | None:
        """Return the terms of the grant; None if it does not exist, or its organisation is disabled.

        Raises `Unavailable`.
        """
        ...


class GrantRepository(Protocol):
    """Keeps the grants. All methods raise `Unavailable`."""

    async def add(self, grant: Grant, terms: GrantTerms | None = None) -> None:
        """Add the grant for an organisation that exists.

        A grant that already exists gets the terms, and keeps its own if there are none.
        """
        ...

    async def remove(self, grant: Grant) -> bool:
        """Remove the grant; return whether it existed."""
        ...

    async def all(self) -> Mapping[Grant, GrantTerms]:
        """List the grants, ordered by client and organisation."""
        ...


class RedemptionGrants(Protocol):
    """Looks up which portal may redeem invitations."""

    async def includes(self, grant: RedemptionGrant) -> bool:
        """Return whether the grant exists. Raises `Unavailable`."""
        ...


class RedemptionGrantRepository(Protocol):
    """Keeps the grants of portals. All methods raise `Unavailable`."""

    async def add(self, grant: RedemptionGrant) -> None:
        """Add the grant, unless it already exists."""
        ...

    async def remove(self, grant: RedemptionGrant) -> bool:
        """Remove the grant; return whether it existed."""
        ...

    async def all(self) -> Sequence[RedemptionGrant]:
        """List the grants, ordered by client."""
        ...


class OrganisationRepository(Protocol):
    """Keeps the organisations. All methods raise `Unavailable`."""

    async def add(self, organisation: Organisation) -> bool:
        """Add the organisation; return whether it is new. An existing organisation is not changed."""
        ...

    async def contains(self, organisation_id: OrganisationId) -> bool:
        """Return whether the organisation exists."""
        ...


class OrganisationStates(Protocol):
    """Disables organisations, and lists them. All methods raise `Unavailable`."""

    async def disable(self, organisation_id: OrganisationId, disabled_at: datetime) -> bool:
        """Disable an organisation, unless it is already; return whether it exists."""
        ...

    async def enable(self, organisation_id: OrganisationId) -> bool:
        """Enable an organisation; return whether it exists."""
        ...

    async def all(self) -> Sequence[Organisation]:
        """List the organisations, ordered by name and id."""
        ...


class RateLimits(Protocol):
    """Counts how much each grant asks for, and how often a caller is refused that has none."""

    async def take(self, charged: Charged, amount: int) -> Result[None, Throttled]:
        """Take an amount from a limit, or return how long to wait. Raises `Unavailable`.

        A caller that gets `Throttled` not yet on record records it.
        """
        ...

    def not_recorded(self, charged: Charged) -> None:
        """Take note that throttling could not be put on record."""
        ...
