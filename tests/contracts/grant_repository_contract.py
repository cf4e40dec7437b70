"""The contract of `GrantRepository`.

The consumer supplies the fixtures `organisation_repository` and `grant_repository`, both empty.
"""

import pytest

from application.ports.access import GrantRepository, OrganisationRepository
from domain.access import GrantTerms
from tests.builders import HOSPITAL, OTHER_HOSPITAL, a_grant, an_organisation


class GrantRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _organisations_are_there(self, organisation_repository: OrganisationRepository) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))

    async def test_at_first_there_are_no_grants(self, grant_repository: GrantRepository) -> None:
        assert list(await grant_repository.all()) == []

    async def test_a_grant_that_was_added_is_listed(self, grant_repository: GrantRepository) -> None:
        await grant_repository.add(a_grant())

        assert list(await grant_repository.all()) == [a_grant()]

    async def test_a_grant_added_twice_is_listed_once(self, grant_repository: GrantRepository) -> None:
        await grant_repository.add(a_grant())

        await grant_repository.add(a_grant())

        assert list(await grant_repository.all()) == [a_grant()]

    async def test_grants_are_listed_by_client_and_then_by_organisation(
        self, grant_repository: GrantRepository
    ) -> None:
        ordered = [
            a_grant("client-a", HOSPITAL),
            a_grant("client-a", OTHER_HOSPITAL),
            a_grant("client-b", HOSPITAL),
        ]

        for grant in reversed(ordered):
            await grant_repository.add(grant)

        assert list(await grant_repository.all()) == ordered

    async def test_a_grant_that_was_removed_is_not_listed(self, grant_repository: GrantRepository) -> None:
        await grant_repository.add(a_grant())

        await grant_repository.remove(a_grant())

        assert list(await grant_repository.all()) == []

    async def test_removing_returns_whether_the_grant_existed(
        self, grant_repository: GrantRepository
    ) -> None:
        await grant_repository.add(a_grant())

        removals = [await grant_repository.remove(a_grant()) for _ in range(2)]

        assert removals == [True, False]

    async def test_removing_a_grant_leaves_the_others(self, grant_repository: GrantRepository) -> None:
        others = [a_grant("client-a", OTHER_HOSPITAL), a_grant("client-b", HOSPITAL)]
        for grant in [a_grant("client-a", HOSPITAL), *others]:
            await grant_repository.add(grant)

        await grant_repository.remove(a_grant("client-a", HOSPITAL))

        assert list(await grant_repository.all()) == others

    async def test_a_grant_that_was_removed_may_be_added_again(
        self, grant_repository: GrantRepository
    ) -> None:
        await grant_repository.add(a_grant())
        await grant_repository.remove(a_grant())

        await grant_repository.add(a_grant())

        assert list(await grant_repository.all()) == [a_grant()]

    async def test_a_grant_keeps_its_terms_until_it_gets_others(
        self, grant_repository: GrantRepository
    ) -> None:
        await grant_repository.add(a_grant(), GrantTerms(2))
        await grant_repository.add(a_grant())
        kept = await grant_repository.all()

        await grant_repository.add(a_grant(), GrantTerms(30))

        assert (kept, await grant_repository.all()) == (
            {a_grant(): GrantTerms(2)},
            {a_grant(): GrantTerms(30)},
        )
