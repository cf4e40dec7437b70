"""Use cases: grant, revoke and list the access of clients to organisations."""

from collections.abc import Mapping, Sequence
from typing import Never

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.access import GrantRepository, OrganisationRepository, RedemptionGrantRepository
from domain.access import Grant, GrantTerms, RedemptionGrant
from domain.organisations import OrganisationUnknown


class GrantAccess:
    """Grant a client access to an organisation that exists.

    An existing grant gets the new terms; without new terms, it stays as it is.
    """

    def __init__(self, organisations: OrganisationRepository, grants: GrantRepository) -> None:
        """Add to `grants`, for organisations in `organisations`."""
        self._organisations = organisations
        self._grants = grants

    async def __call__(
        self, grant: Grant, terms: GrantTerms | None = None
    ) -> Result[Grant, OrganisationUnknown]:
        """Return the grant, which now exists. Raises `Unavailable`."""
        if not await self._organisations.contains(grant.organisation_id):
            return Failure(OrganisationUnknown())
        await self._grants.add(grant, terms)
        return Success(grant)


class GrantUnknown(Struct, frozen=True):
    """The client has no such grant, so nothing was revoked."""


class RevokeAccess:
    """Revoke a grant; invitations already issued stay valid."""

    def __init__(self, grants: GrantRepository) -> None:
        """Work on these grants."""
        self._grants = grants

    async def __call__(self, grant: Grant) -> Result[Grant, GrantUnknown]:
        """Return the grant, which no longer exists. Raises `Unavailable`."""
        if not await self._grants.remove(grant):
            return Failure(GrantUnknown())
        return Success(grant)


class ListGrants:
    """List every grant with its terms, ordered by client and organisation."""

    def __init__(self, grants: GrantRepository) -> None:
        """Work on these grants."""
        self._grants = grants

    async def __call__(self) -> Mapping[Grant, GrantTerms]:
        """Return the grants. Raises `Unavailable`."""
        return await self._grants.all()


class GrantRedemption:
    """Grant a portal to redeem invitations; an existing grant stays as it is."""

    def __init__(self, grants: RedemptionGrantRepository) -> None:
        """Add to these grants."""
        self._grants = grants

    async def __call__(self, grant: RedemptionGrant) -> Result[RedemptionGrant, Never]:
        """Return the grant, which now exists. Raises `Unavailable`."""
        await self._grants.add(grant)
        return Success(grant)


class RevokeRedemption:
    """Revoke the grant of a portal; its claims can no longer be confirmed by it."""

    def __init__(self, grants: RedemptionGrantRepository) -> None:
        """Work on these grants."""
        self._grants = grants

    async def __call__(self, grant: RedemptionGrant) -> Result[RedemptionGrant, GrantUnknown]:
        """Return the grant, which no longer exists. Raises `Unavailable`."""
        if not await self._grants.remove(grant):
            return Failure(GrantUnknown())
        return Success(grant)


class ListRedemptionGrants:
    """List the grants of every portal, ordered by client."""

    def __init__(self, grants: RedemptionGrantRepository) -> None:
        """Work on these grants."""
        self._grants = grants

    async def __call__(self) -> Sequence[RedemptionGrant]:
        """Return the grants. Raises `Unavailable`."""
        return await self._grants.all()
