"""What every register of grants does.

The consumer supplies the fixtures `organisation_register` and `grant_register`, both empty.
"""

import pytest

from application.ports.access import GrantRegister, OrganisationRegister
from tests.builders import HOSPITAL, OTHER_HOSPITAL, a_grant, an_organisation


class GrantRegisterContract:
    @pytest.fixture(autouse=True)
    async def _organisations_are_there(self, organisation_register: OrganisationRegister) -> None:
        await organisation_register.add(an_organisation(HOSPITAL))
        await organisation_register.add(an_organisation(OTHER_HOSPITAL))

    async def test_at_first_there_are_no_grants(self, grant_register: GrantRegister) -> None:
        assert list(await grant_register.all()) == []

    async def test_a_grant_that_was_added_is_listed(self, grant_register: GrantRegister) -> None:
        await grant_register.add(a_grant())

        assert list(await grant_register.all()) == [a_grant()]

    async def test_a_grant_added_twice_is_listed_once(self, grant_register: GrantRegister) -> None:
        await grant_register.add(a_grant())

        await grant_register.add(a_grant())

        assert list(await grant_register.all()) == [a_grant()]

    async def test_grants_are_listed_by_client_and_then_by_organisation(
        self, grant_register: GrantRegister
    ) -> None:
        ordered = [
            a_grant("client-a", HOSPITAL),
            a_grant("client-a", OTHER_HOSPITAL),
            a_grant("client-b", HOSPITAL),
        ]

        for grant in reversed(ordered):
            await grant_register.add(grant)

        assert list(await grant_register.all()) == ordered

    async def test_a_grant_that_was_removed_is_not_listed(self, grant_register: GrantRegister) -> None:
        await grant_register.add(a_grant())

        await grant_register.remove(a_grant())

        assert list(await grant_register.all()) == []

    async def test_removing_tells_whether_the_grant_was_there(self, grant_register: GrantRegister) -> None:
        await grant_register.add(a_grant())

        removals = [await grant_register.remove(a_grant()) for _ in range(2)]

        assert removals == [True, False]

    async def test_removing_a_grant_leaves_the_others(self, grant_register: GrantRegister) -> None:
        others = [a_grant("client-a", OTHER_HOSPITAL), a_grant("client-b", HOSPITAL)]
        for grant in [a_grant("client-a", HOSPITAL), *others]:
            await grant_register.add(grant)

        await grant_register.remove(a_grant("client-a", HOSPITAL))

        assert list(await grant_register.all()) == others

    async def test_a_grant_that_was_removed_may_be_added_again(self, grant_register: GrantRegister) -> None:
        await grant_register.add(a_grant())
        await grant_register.remove(a_grant())

        await grant_register.add(a_grant())

        assert list(await grant_register.all()) == [a_grant()]
