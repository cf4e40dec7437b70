"""Use cases: which client may act for which organisation."""

from collections.abc import Sequence

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.access import GrantRepository, OrganisationRepository
from domain.access import Grant
from domain.organisations import OrganisationUnknown


class GrantAccess:
    """Grant a client an organisation that exists; a grant that stands already stays."""

    def __init__(self, organisations: OrganisationRepository, grants: GrantRepository) -> None:
        """Take the two registers."""
        self._organisations = organisations
        self._grants = grants

    async def __call__(self, grant: Grant) -> Result[Grant, OrganisationUnknown]:
        """Return the grant that now stands. Raises `Unavailable`."""
        if not await self._organisations.contains(grant.organisation_id):
            return Failure(OrganisationUnknown())
        await self._grants.add(grant)
        return Success(grant)


class GrantUnknown(Struct, frozen=True):
    """The client has no such grant, so nothing was revoked."""


class RevokeAccess:
    """Revoke a grant; invitations already issued stay valid."""

    def __init__(self, grants: GrantRepository) -> None:
        """Take the register of grants."""
        self._grants = grants

    async def __call__(self, grant: Grant) -> Result[Grant, GrantUnknown]:
        """Return the grant that no longer stands. Raises `Unavailable`."""
        if not await self._grants.remove(grant):
            return Failure(GrantUnknown())
        return Success(grant)


class ListGrants:
    """List every grant, ordered by client and organisation."""

    def __init__(self, grants: GrantRepository) -> None:
        """Take the register of grants."""
        self._grants = grants

    async def __call__(self) -> Sequence[Grant]:
        """Return the grants. Raises `Unavailable`."""
        return await self._grants.all()
