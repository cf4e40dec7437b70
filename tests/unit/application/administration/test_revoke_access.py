import pytest
from returns.result import Failure, Success

from application.administration.grants import GrantUnknown, RevokeAccess
from application.ports.system import Unavailable
from tests.builders import OTHER_HOSPITAL, a_grant
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.unavailable import OutOfOrder


async def test_a_revoked_grant_is_gone() -> None:
    grants = InMemoryGrants(a_grant(), a_grant(organisation_id=OTHER_HOSPITAL))

    revoked = await RevokeAccess(grants)(a_grant())

    assert revoked == Success(a_grant())
    assert list(await grants.all()) == [a_grant(organisation_id=OTHER_HOSPITAL)]


async def test_an_unknown_grant_cannot_be_revoked() -> None:
    grants = InMemoryGrants(a_grant("kiosk"))

    revoked = await RevokeAccess(grants)(a_grant("mail-house"))

    assert revoked == Failure(GrantUnknown())
    assert list(await grants.all()) == [a_grant("kiosk")]


async def test_a_repository_that_is_down_gives_no_answer() -> None:
    with pytest.raises(Unavailable):
        await RevokeAccess(OutOfOrder())(a_grant())
