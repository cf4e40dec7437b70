"""Grants are cached for a short time."""

import pytest

from adapters.caches import LIFETIME_SECONDS, CachedGrants, CachedRedemptionGrants
from domain.access import RedemptionGrant
from tests.builders import a_grant, an_organisation
from tests.contracts.organisation_grants_contract import OrganisationGrantsContract
from tests.fakes.grant_repository import InMemoryGrants, InMemoryRedemptionGrants
from tests.fakes.organisation_repository import InMemoryOrganisations

PROMISED_SECONDS = 5


class Stopwatch:
    """Gives seconds, which pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def organisation_repository() -> InMemoryOrganisations:
    return InMemoryOrganisations(an_organisation())


@pytest.fixture
def grant_repository(organisation_repository: InMemoryOrganisations) -> InMemoryGrants:
    return InMemoryGrants(organisations=organisation_repository)


@pytest.fixture
def organisation_grants(grant_repository: InMemoryGrants, stopwatch: Stopwatch) -> CachedGrants:
    return CachedGrants(grant_repository, stopwatch)


class TestCachedGrants(OrganisationGrantsContract):
    pass


async def test_a_revoked_grant_leaves_the_cache_in_time(
    organisation_grants: CachedGrants, grant_repository: InMemoryGrants, stopwatch: Stopwatch
) -> None:
    await grant_repository.add(a_grant())
    await organisation_grants.terms(a_grant())
    await grant_repository.remove(a_grant())

    at_once = await organisation_grants.terms(a_grant())
    stopwatch.seconds += LIFETIME_SECONDS

    assert at_once
    assert not await organisation_grants.terms(a_grant())
    assert LIFETIME_SECONDS < PROMISED_SECONDS


async def test_a_second_lookup_does_not_prolong_a_cached_grant(
    organisation_grants: CachedGrants, grant_repository: InMemoryGrants, stopwatch: Stopwatch
) -> None:
    await grant_repository.add(a_grant())
    await organisation_grants.terms(a_grant())
    await grant_repository.remove(a_grant())
    stopwatch.seconds += LIFETIME_SECONDS / 2
    await organisation_grants.terms(a_grant())

    stopwatch.seconds += LIFETIME_SECONDS / 2

    assert not await organisation_grants.terms(a_grant())


async def test_a_grant_works_as_soon_as_it_is_given(
    organisation_grants: CachedGrants, grant_repository: InMemoryGrants
) -> None:
    before = await organisation_grants.terms(a_grant())

    await grant_repository.add(a_grant())

    assert not before
    assert await organisation_grants.terms(a_grant())


async def test_the_cache_holds_a_limited_number_of_grants(
    grant_repository: InMemoryGrants, organisation_grants: CachedGrants
) -> None:
    grants = [a_grant(f"client-{number}") for number in range(10_001)]
    for grant in grants:
        await grant_repository.add(grant)
        await organisation_grants.terms(grant)
    await grant_repository.remove(grants[0])
    await grant_repository.remove(grants[-1])

    assert not await organisation_grants.terms(grants[0])
    assert await organisation_grants.terms(grants[-1])


async def test_the_grant_of_a_portal_is_cached_for_as_long(stopwatch: Stopwatch) -> None:
    repository, portal = InMemoryRedemptionGrants(RedemptionGrant("portal")), RedemptionGrant("portal")
    grants = CachedRedemptionGrants(repository, stopwatch)
    await grants.includes(portal)
    await repository.remove(portal)

    at_once = await grants.includes(portal)
    stopwatch.seconds += LIFETIME_SECONDS

    assert at_once
    assert not await grants.includes(portal)
