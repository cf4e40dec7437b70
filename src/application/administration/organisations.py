"""Use case: add an organisation."""

from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.access import OrganisationRepository
from domain.organisations import Organisation


class OrganisationExists(Struct, frozen=True):
    """An organisation with this id already exists; it was not changed."""


class OrganisationIdIsNil(Struct, frozen=True):
    """The id is the UUID of zeros, which stands for all organisations where a hold is stored."""


OrganisationNotAdded: TypeAlias = OrganisationExists | OrganisationIdIsNil


class AddOrganisation:
    """Add an organisation under an id that is not in use."""

    def __init__(self, organisations: OrganisationRepository) -> None:
        """Add to `organisations`."""
        self._organisations = organisations

    async def __call__(self, organisation: Organisation) -> Result[Organisation, OrganisationNotAdded]:
        """Return the organisation added. Raises `Unavailable`."""
        if organisation.id.is_nil:
            return Failure(OrganisationIdIsNil())
        if not await self._organisations.add(organisation):
            return Failure(OrganisationExists())
        return Success(organisation)
