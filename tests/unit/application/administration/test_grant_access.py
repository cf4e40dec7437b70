import pytest
from returns.result import Failure, Success

from application.administration.grants import GrantAccess
from application.ports.access import GrantRepository, OrganisationRepository
from application.ports.system import Unavailable
from domain.access import GrantTerms
from domain.organisations import OrganisationUnknown
from tests.builders import a_grant, an_organisation
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.unavailable import OutOfOrder


async def test_a_client_is_granted_an_organisation_that_exists() -> None:
    grants = InMemoryGrants()

    granted = await GrantAccess(InMemoryOrganisations(an_organisation()), grants)(a_grant())

    assert granted == Success(a_grant())
    assert list(await grants.all()) == [a_grant()]


async def test_an_existing_grant_stays() -> None:
    grants = InMemoryGrants(a_grant())

    granted = await GrantAccess(InMemoryOrganisations(an_organisation()), grants)(a_grant())

    assert granted == Success(a_grant())
    assert list(await grants.all()) == [a_grant()]


async def test_a_grant_has_the_terms_that_were_given_last() -> None:
    grants = InMemoryGrants()
    grant = GrantAccess(InMemoryOrganisations(an_organisation()), grants)
    terms = [GrantTerms(30), GrantTerms(2), None]

    for each in terms:
        await grant(a_grant(), each)

    assert await grants.all() == {a_grant(): GrantTerms(2)}


async def test_an_organisation_that_does_not_exist_cannot_be_granted() -> None:
    grants = InMemoryGrants()

    granted = await GrantAccess(InMemoryOrganisations(), grants)(a_grant())

    assert granted == Failure(OrganisationUnknown())
    assert list(await grants.all()) == []


@pytest.mark.parametrize(
    ("organisations", "grants"),
    [
        pytest.param(OutOfOrder(), InMemoryGrants(), id="organisations"),
        pytest.param(InMemoryOrganisations(an_organisation()), OutOfOrder(), id="grants"),
    ],
)
async def test_a_repository_that_is_down_gives_no_answer(
    organisations: OrganisationRepository, grants: GrantRepository
) -> None:
    with pytest.raises(Unavailable):
        await GrantAccess(organisations, grants)(a_grant())
