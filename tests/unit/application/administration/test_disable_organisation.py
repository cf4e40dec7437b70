from returns.result import Failure, Success

from application.administration.organisations import (
    DisableOrganisation,
    EnableOrganisation,
    ListOrganisations,
)
from domain.organisations import Organisation, OrganisationUnknown
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, TODAY, an_organisation
from tests.fakes.clock import FixedClock
from tests.fakes.organisation_repository import InMemoryOrganisations

CLOCK = FixedClock(NOW, TODAY)


async def test_a_disabled_organisation_keeps_the_moment() -> None:
    organisations = InMemoryOrganisations(an_organisation())

    disabled = await DisableOrganisation(organisations, CLOCK)(HOSPITAL)

    assert disabled == Success(HOSPITAL)
    assert await ListOrganisations(organisations)() == [Organisation(HOSPITAL, "Hospital", NOW)]


async def test_an_organisation_is_enabled_again() -> None:
    organisations = InMemoryOrganisations(Organisation(HOSPITAL, "Hospital", NOW))

    enabled = await EnableOrganisation(organisations)(HOSPITAL)

    assert enabled == Success(HOSPITAL)
    assert await ListOrganisations(organisations)() == [an_organisation()]


async def test_an_unknown_organisation_is_neither_disabled_nor_enabled() -> None:
    organisations = InMemoryOrganisations(an_organisation())

    disabled = await DisableOrganisation(organisations, CLOCK)(OTHER_HOSPITAL)
    enabled = await EnableOrganisation(organisations)(OTHER_HOSPITAL)

    assert (disabled, enabled) == (Failure(OrganisationUnknown()), Failure(OrganisationUnknown()))
