"""The contract of `OrganisationStates`.

The consumer supplies the fixture `organisation_repository`, empty, which is both ports.
"""

from datetime import timedelta
from typing import Protocol

from application.ports.access import OrganisationRepository, OrganisationStates
from domain.organisations import Organisation
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, an_organisation

LATER = NOW + timedelta(days=1)


class Organisations(OrganisationRepository, OrganisationStates, Protocol):
    """Both ports."""


class OrganisationStatesContract:
    async def test_organisations_are_listed_by_name(self, organisation_repository: Organisations) -> None:
        hospitals = [an_organisation(OTHER_HOSPITAL, "A"), an_organisation(HOSPITAL, "B")]

        for each in reversed(hospitals):
            await organisation_repository.add(each)

        assert list(await organisation_repository.all()) == hospitals

    async def test_a_disabled_organisation_is_listed_with_the_moment_at_which_it_was_disabled_first(
        self, organisation_repository: Organisations
    ) -> None:
        await organisation_repository.add(an_organisation())

        disabled = [await organisation_repository.disable(HOSPITAL, each) for each in (NOW, LATER)]

        assert disabled == [True, True]
        assert list(await organisation_repository.all()) == [Organisation(HOSPITAL, "Hospital", NOW)]

    async def test_an_organisation_that_was_enabled_is_as_before(
        self, organisation_repository: Organisations
    ) -> None:
        await organisation_repository.add(an_organisation())
        await organisation_repository.disable(HOSPITAL, NOW)

        enabled = await organisation_repository.enable(HOSPITAL)

        assert enabled
        assert list(await organisation_repository.all()) == [an_organisation()]

    async def test_an_organisation_that_does_not_exist_is_neither_disabled_nor_enabled(
        self, organisation_repository: Organisations
    ) -> None:
        await organisation_repository.add(an_organisation())

        disabled = await organisation_repository.disable(OTHER_HOSPITAL, NOW)

        assert (disabled, await organisation_repository.enable(OTHER_HOSPITAL)) == (False, False)
        assert list(await organisation_repository.all()) == [an_organisation()]
