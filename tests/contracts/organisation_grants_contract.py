"""The contract of `OrganisationGrants`.

The consumer supplies the fixtures `organisation_repository` and `grant_repository`, both empty, and
`organisation_grants`, which knows of what is in them.
"""

import pytest

from application.ports.access import GrantRepository, OrganisationGrants, OrganisationRepository
from domain.access import Grant
from tests.builders import HOSPITAL, OTHER_HOSPITAL, a_grant, an_organisation


class OrganisationGrantsContract:
    @pytest.fixture(autouse=True)
    async def _one_grant_stands(
        self, organisation_repository: OrganisationRepository, grant_repository: GrantRepository
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))
        await grant_repository.add(a_grant("mail-house", HOSPITAL))

    async def test_an_added_grant_exists(self, organisation_grants: OrganisationGrants) -> None:
        assert await organisation_grants.includes(a_grant("mail-house", HOSPITAL))

    @pytest.mark.parametrize(
        "grant",
        [
            pytest.param(a_grant("mail-house", OTHER_HOSPITAL), id="other-organisation"),
            pytest.param(a_grant("kiosk", HOSPITAL), id="other-client"),
            pytest.param(a_grant("Mail-House", HOSPITAL), id="client-in-another-case"),
            pytest.param(a_grant("mail-house ", HOSPITAL), id="client-with-a-space"),
            pytest.param(a_grant("", HOSPITAL), id="nameless-client"),
        ],
    )
    async def test_no_other_grant_exists(self, organisation_grants: OrganisationGrants, grant: Grant) -> None:
        assert not await organisation_grants.includes(grant)

    async def test_the_grant_of_another_client_is_its_own(
        self, grant_repository: GrantRepository, organisation_grants: OrganisationGrants
    ) -> None:
        await grant_repository.add(a_grant("kiosk", OTHER_HOSPITAL))

        assert not await organisation_grants.includes(a_grant("mail-house", OTHER_HOSPITAL))

    async def test_a_revoked_grant_is_gone(
        self, grant_repository: GrantRepository, organisation_grants: OrganisationGrants
    ) -> None:
        await grant_repository.remove(a_grant("mail-house", HOSPITAL))

        assert not await organisation_grants.includes(a_grant("mail-house", HOSPITAL))
