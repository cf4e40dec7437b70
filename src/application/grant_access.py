"""Use case: let a client act for an organisation."""

from returns.result import Failure, Result, Success

from application.ports.grant_register import GrantRegister
from application.ports.organisation_register import OrganisationRegister
from domain.caller import Grant
from domain.organisation import OrganisationUnknown


class GrantAccess:
    """Grant a client an organisation that exists; a grant that stands already stays."""

    def __init__(self, organisations: OrganisationRegister, grants: GrantRegister) -> None:
        """Take the two registers."""
        self._organisations = organisations
        self._grants = grants

    async def __call__(self, grant: Grant) -> Result[Grant, OrganisationUnknown]:
        """Return the grant that now stands. Raises `Unavailable`."""
        if not await self._organisations.contains(grant.organisation_id):
            return Failure(OrganisationUnknown())
        await self._grants.add(grant)
        return Success(grant)
