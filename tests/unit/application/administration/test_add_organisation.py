from uuid import UUID

import pytest
from returns.result import Failure, Success

from application.administration.organisations import AddOrganisation, OrganisationExists, OrganisationIdIsNil
from application.ports.system import Unavailable
from domain.organisations import OrganisationId
from tests.builders import HOSPITAL, an_organisation
from tests.fakes.organisation_repository import InMemoryOrganisations
from tests.fakes.unavailable import OutOfOrder


async def test_a_new_organisation_is_added() -> None:
    organisations = InMemoryOrganisations()

    added = await AddOrganisation(organisations)(an_organisation())

    assert added == Success(an_organisation())
    assert organisations.organisations == {HOSPITAL: an_organisation()}


async def test_an_organisation_that_is_there_is_left_as_it_is() -> None:
    organisations = InMemoryOrganisations(an_organisation(name="First"))

    added = await AddOrganisation(organisations)(an_organisation(name="Second"))

    assert added == Failure(OrganisationExists())
    assert organisations.organisations == {HOSPITAL: an_organisation(name="First")}


async def test_the_uuid_of_zeros_would_be_all_organisations_in_a_hold() -> None:
    organisations = InMemoryOrganisations()
    nil = an_organisation(OrganisationId(UUID(int=0)))

    added = await AddOrganisation(organisations)(nil)

    assert added == Failure(OrganisationIdIsNil())
    assert organisations.organisations == {}


async def test_a_repository_that_is_down_gives_no_answer() -> None:
    with pytest.raises(Unavailable):
        await AddOrganisation(OutOfOrder())(an_organisation())
