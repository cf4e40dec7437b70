"""Use cases: add, disable, enable and list organisations."""

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from application.ports.access import OrganisationRepository, OrganisationStates
from application.ports.system import Clock
from domain.organisations import Organisation, OrganisationId, OrganisationUnknown


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


class DisableOrganisation:
    """Stop all callers from acting for an organisation; its data is kept."""

    def __init__(self, organisations: OrganisationStates, clock: Clock) -> None:
        """Work on these organisations."""
        self._organisations = organisations
        self._clock = clock

    async def __call__(self, organisation_id: OrganisationId) -> Result[OrganisationId, OrganisationUnknown]:
        """Return the organisation, which is now disabled. Raises `Unavailable`."""
        exists = await self._organisations.disable(organisation_id, self._clock.instant())
        return Success(organisation_id) if exists else Failure(OrganisationUnknown())


class EnableOrganisation:
    """Let clients act for an organisation again, under the grants that they have."""

    def __init__(self, organisations: OrganisationStates) -> None:
        """Work on these organisations."""
        self._organisations = organisations

    async def __call__(self, organisation_id: OrganisationId) -> Result[OrganisationId, OrganisationUnknown]:
        """Return the organisation, which is now enabled. Raises `Unavailable`."""
        exists = await self._organisations.enable(organisation_id)
        return Success(organisation_id) if exists else Failure(OrganisationUnknown())


class ListOrganisations:
    """List every organisation, ordered by name."""

    def __init__(self, organisations: OrganisationStates) -> None:
        """Work on these organisations."""
        self._organisations = organisations

    async def __call__(self) -> Sequence[Organisation]:
        """Return the organisations. Raises `Unavailable`."""
        return await self._organisations.all()
