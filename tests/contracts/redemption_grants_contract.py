"""The contract of `RedemptionGrants` and `RedemptionGrantRepository`.

The consumer supplies the fixtures `redemption_grant_repository`, empty, and `redemption_grants`, which knows
of what is in it.
"""

import pytest

from application.ports.access import RedemptionGrantRepository, RedemptionGrants
from domain.access import RedemptionGrant

PORTAL, OTHER = RedemptionGrant("portal"), RedemptionGrant("another-portal")


class RedemptionGrantsContract:
    async def test_at_first_there_are_no_grants(
        self, redemption_grant_repository: RedemptionGrantRepository, redemption_grants: RedemptionGrants
    ) -> None:
        assert list(await redemption_grant_repository.all()) == []
        assert not await redemption_grants.includes(PORTAL)

    async def test_a_grant_that_was_added_exists(
        self, redemption_grant_repository: RedemptionGrantRepository, redemption_grants: RedemptionGrants
    ) -> None:
        await redemption_grant_repository.add(PORTAL)

        assert await redemption_grants.includes(PORTAL)

    @pytest.mark.parametrize("client_id", ["Portal", "portal ", "", "another-portal"])
    async def test_no_other_grant_exists(
        self,
        redemption_grant_repository: RedemptionGrantRepository,
        redemption_grants: RedemptionGrants,
        client_id: str,
    ) -> None:
        await redemption_grant_repository.add(PORTAL)

        assert not await redemption_grants.includes(RedemptionGrant(client_id))

    async def test_grants_are_listed_once_each_by_client(
        self, redemption_grant_repository: RedemptionGrantRepository
    ) -> None:
        for grant in (PORTAL, OTHER, PORTAL):
            await redemption_grant_repository.add(grant)

        assert list(await redemption_grant_repository.all()) == [OTHER, PORTAL]

    async def test_removing_returns_whether_the_grant_existed(
        self, redemption_grant_repository: RedemptionGrantRepository
    ) -> None:
        await redemption_grant_repository.add(PORTAL)

        removals = [await redemption_grant_repository.remove(PORTAL) for _ in range(2)]

        assert removals == [True, False]

    async def test_removing_a_grant_leaves_the_others(
        self, redemption_grant_repository: RedemptionGrantRepository, redemption_grants: RedemptionGrants
    ) -> None:
        await redemption_grant_repository.add(PORTAL)
        await redemption_grant_repository.add(OTHER)

        await redemption_grant_repository.remove(PORTAL)

        assert list(await redemption_grant_repository.all()) == [OTHER]
        assert not await redemption_grants.includes(PORTAL)
