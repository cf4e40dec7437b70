"""The contract of `OrganisationRepository`.

The consumer supplies the fixture `organisation_repository`, empty, and `name_of`, which reads a name back.
"""

from collections.abc import Awaitable, Callable

from application.ports.access import OrganisationRepository
from domain.organisations import OrganisationId
from tests.builders import HOSPITAL, OTHER_HOSPITAL, an_organisation


class OrganisationRepositoryContract:
    async def test_an_organisation_that_was_added_is_there(
        self, organisation_repository: OrganisationRepository
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))

        assert await organisation_repository.contains(HOSPITAL)

    async def test_an_organisation_that_was_not_added_is_not_there(
        self, organisation_repository: OrganisationRepository
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))

        assert not await organisation_repository.contains(OTHER_HOSPITAL)

    async def test_an_organisation_is_new_once(self, organisation_repository: OrganisationRepository) -> None:
        first = await organisation_repository.add(an_organisation(HOSPITAL))

        second = await organisation_repository.add(an_organisation(HOSPITAL))

        assert (first, second) == (True, False)

    async def test_an_organisation_added_twice_keeps_its_first_name(
        self,
        organisation_repository: OrganisationRepository,
        name_of: Callable[[OrganisationId], Awaitable[str]],
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL, name="First"))

        await organisation_repository.add(an_organisation(HOSPITAL, name="Second"))

        assert await name_of(HOSPITAL) == "First"

    async def test_two_organisations_may_have_one_name(
        self, organisation_repository: OrganisationRepository
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL, name="Same"))

        assert await organisation_repository.add(an_organisation(OTHER_HOSPITAL, name="Same"))
