"""Repositories of grants in memory."""

from collections.abc import Mapping, Sequence

from application.ports.access import (
    GrantRepository,
    OrganisationGrants,
    RedemptionGrantRepository,
    RedemptionGrants,
)
from domain.access import Grant, GrantTerms, RedemptionGrant
from tests.fakes.organisation_repository import InMemoryOrganisations


class InMemoryGrants(GrantRepository, OrganisationGrants):
    """Stores the grants in a dictionary, for both ports; `organisations` may be disabled."""

    def __init__(self, *grants: Grant, organisations: InMemoryOrganisations | None = None) -> None:
        self._grants = dict.fromkeys(grants, GrantTerms())
        self._organisations = (organisations or InMemoryOrganisations()).organisations

    async def add(self, grant: Grant, terms: GrantTerms | None = None) -> None:
        self._grants[grant] = terms or self._grants.get(grant, GrantTerms())

    async def remove(self, grant: Grant) -> bool:
        return self._grants.pop(grant, None) is not None

    async def all(self) -> Mapping[Grant, GrantTerms]:
        return dict(
            sorted(self._grants.items(), key=lambda each: (each[0].client_id, str(each[0].organisation_id)))
        )

    async def terms(self, grant: Grant) -> GrantTerms | None:
        organisation = self._organisations.get(grant.organisation_id)
        is_disabled = organisation is not None and organisation.disabled_at is not None
        return None if is_disabled else self._grants.get(grant)


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
