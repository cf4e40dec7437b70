import pytest

from application.administration.grants import ListGrants
from application.ports.system import Unavailable
from tests.builders import HOSPITAL, OTHER_HOSPITAL, a_grant
from tests.fakes.grant_repository import InMemoryGrants
from tests.fakes.unavailable import OutOfOrder


async def test_all_grants_are_listed_by_client_and_organisation() -> None:
    grants = [a_grant("kiosk", OTHER_HOSPITAL), a_grant("mail-house", HOSPITAL)]

    listed = await ListGrants(InMemoryGrants(*reversed(grants)))()

    assert list(listed) == grants


async def test_a_repository_that_is_down_gives_no_answer() -> None:
    with pytest.raises(Unavailable):
        await ListGrants(OutOfOrder())()
