"""A repository of organisations in memory."""

from application.ports.access import OrganisationRepository
from domain.organisations import Organisation, OrganisationId


class InMemoryOrganisations(OrganisationRepository):
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
