"""Repositories of grants in memory."""

from collections.abc import Sequence

from application.ports.access import (
    GrantRepository,
    OrganisationGrants,
    RedemptionGrantRepository,
    RedemptionGrants,
)
from domain.access import Grant, RedemptionGrant


class InMemoryGrants(GrantRepository, OrganisationGrants):
    """Stores the grants in a set, for both ports."""

    def __init__(self, *grants: Grant) -> None:
        self._grants = set(grants)

    async def add(self, grant: Grant) -> None:
        self._grants.add(grant)

    async def remove(self, grant: Grant) -> bool:
        stood = grant in self._grants
        self._grants.discard(grant)
        return stood

    async def all(self) -> Sequence[Grant]:
        return sorted(self._grants, key=lambda grant: (grant.client_id, str(grant.organisation_id)))

    async def includes(self, grant: Grant) -> bool:
        return grant in self._grants


class InMemoryRedemptionGrants(RedemptionGrantRepository, RedemptionGrants):
    """Stores the grants of portals in a set, for both ports."""

    def __init__(self, *grants: RedemptionGrant) -> None:
        self._grants = set(grants)

    async def add(self, grant: RedemptionGrant) -> None:
        self._grants.add(grant)

    async def remove(self, grant: RedemptionGrant) -> bool:
        stood = grant in self._grants
        self._grants.discard(grant)
        return stood

    async def all(self) -> Sequence[RedemptionGrant]:
        return sorted(self._grants, key=lambda grant: grant.client_id)

    async def includes(self, grant: RedemptionGrant) -> bool:
        return grant in self._grants
