"""The port to the register of organisations."""

from typing import Protocol

from domain.organisation import Organisation, OrganisationId


class OrganisationRegister(Protocol):
    """Keeps the organisations. All methods raise `Unavailable`."""

    async def add(self, organisation: Organisation) -> bool:
        """Add the organisation; tell whether it is new. An organisation that is there stays as it is."""
        ...

    async def contains(self, organisation_id: OrganisationId) -> bool:
        """Tell whether the organisation is there."""
        ...
