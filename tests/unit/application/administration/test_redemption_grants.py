from returns.result import Failure, Success

from application.administration.grants import (
    GrantRedemption,
    GrantUnknown,
    ListRedemptionGrants,
    RevokeRedemption,
)
from domain.access import RedemptionGrant
from tests.fakes.grant_repository import InMemoryRedemptionGrants

PORTAL, OTHER = RedemptionGrant("portal"), RedemptionGrant("another-portal")


async def test_a_portal_is_granted_to_redeem() -> None:
    grants = InMemoryRedemptionGrants()

    await GrantRedemption(grants)(PORTAL)

    assert await grants.includes(PORTAL)


async def test_the_grant_of_a_portal_is_revoked() -> None:
    grants = InMemoryRedemptionGrants(PORTAL, OTHER)

    assert await RevokeRedemption(grants)(PORTAL) == Success(PORTAL)
    assert not await grants.includes(PORTAL)


async def test_a_portal_without_a_grant_has_none_to_revoke() -> None:
    assert await RevokeRedemption(InMemoryRedemptionGrants(OTHER))(PORTAL) == Failure(GrantUnknown())


async def test_the_grants_of_portals_are_listed_by_client() -> None:
    assert await ListRedemptionGrants(InMemoryRedemptionGrants(PORTAL, OTHER))() == [OTHER, PORTAL]
