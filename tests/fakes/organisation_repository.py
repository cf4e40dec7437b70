"""A repository of organisations in memory."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from application.ports.access import OrganisationRepository, OrganisationStates
from domain.organisations import Organisation, OrganisationId


class InMemoryOrganisations(OrganisationRepository, OrganisationStates):
    """Stores the organisations in a dictionary that a test may read."""

    def __init__(self, *organisations: Organisation) -> None:
        self.organisations = {organisation.id: organisation for organisation in organisations}

    async def add(self, organisation: Organisation) -> bool:
        if organisation.id in self.organisations:
            return False
        self.organisations[organisation.id] = organisation
        return True

    async def contains(self, organisation_id: OrganisationId) -> bool:
        return organisation_id in self.organisations

    async def disable(self, organisation_id: OrganisationId, disabled_at: datetime) -> bool:
        known = self.organisations.get(organisation_id)
        if known is None:
            return False
        self.organisations[organisation_id] = replace(known, disabled_at=known.disabled_at or disabled_at)
        return True

    async def enable(self, organisation_id: OrganisationId) -> bool:
        known = self.organisations.get(organisation_id)
        if known is None:
            return False
        self.organisations[organisation_id] = replace(known, disabled_at=None)
        return True

    async def all(self) -> Sequence[Organisation]:
        return sorted(self.organisations.values(), key=lambda each: (each.name, str(each.id)))
