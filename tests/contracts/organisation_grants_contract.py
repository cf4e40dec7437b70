"""The contract of `OrganisationGrants`.

The consumer supplies the fixtures `organisation_repository` and `grant_repository`, both empty, and
`organisation_grants`, which knows of what is in them.
"""

import pytest

from application.ports.access import (
    GrantRepository,
    OrganisationGrants,
    OrganisationRepository,
    OrganisationStates,
)
from domain.access import Grant, GrantTerms
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, a_grant, an_organisation


class OrganisationGrantsContract:
    @pytest.fixture(autouse=True)
    async def _one_grant_stands(
        self, organisation_repository: OrganisationRepository, grant_repository: GrantRepository
    ) -> None:
        await organisation_repository.add(an_organisation(HOSPITAL))
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))
        await grant_repository.add(a_grant("mail-house", HOSPITAL))

    async def test_an_added_grant_exists(self, organisation_grants: OrganisationGrants) -> None:
        assert await organisation_grants.terms(a_grant("mail-house", HOSPITAL)) == GrantTerms()

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
        assert await organisation_grants.terms(grant) is None

    async def test_the_grant_of_another_client_is_its_own(
        self, grant_repository: GrantRepository, organisation_grants: OrganisationGrants
    ) -> None:
        await grant_repository.add(a_grant("kiosk", OTHER_HOSPITAL))

        assert await organisation_grants.terms(a_grant("mail-house", OTHER_HOSPITAL)) is None

    async def test_a_revoked_grant_is_gone(
        self, grant_repository: GrantRepository, organisation_grants: OrganisationGrants
    ) -> None:
        await grant_repository.remove(a_grant("mail-house", HOSPITAL))

        assert await organisation_grants.terms(a_grant("mail-house", HOSPITAL)) is None

    async def test_a_grant_has_its_terms(
        self, grant_repository: GrantRepository, organisation_grants: OrganisationGrants
    ) -> None:
        await grant_repository.add(a_grant("sms-provider", HOSPITAL), GrantTerms(2))

        assert await organisation_grants.terms(a_grant("sms-provider", HOSPITAL)) == GrantTerms(2)

    async def test_a_grant_for_a_disabled_organisation_counts_as_none(
        self, organisation_repository: OrganisationStates, organisation_grants: OrganisationGrants
    ) -> None:
        await organisation_repository.disable(HOSPITAL, NOW)

        assert await organisation_grants.terms(a_grant("mail-house", HOSPITAL)) is None

    async def test_a_grant_counts_again_once_its_organisation_is_enabled(
        self, organisation_repository: OrganisationStates, organisation_grants: OrganisationGrants
    ) -> None:
        await organisation_repository.disable(HOSPITAL, NOW)

        await organisation_repository.enable(HOSPITAL)

        assert await organisation_grants.terms(a_grant("mail-house", HOSPITAL)) == GrantTerms()
