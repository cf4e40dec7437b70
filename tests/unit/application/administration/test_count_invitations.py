from datetime import timedelta

from application.administration.statistics import CountInvitations
from domain.statistics import Period
from tests.builders import HOSPITAL, LIFETIME, NOW, OTHER_HOSPITAL, TODAY
from tests.contracts.invitation_lives import issue
from tests.fakes.clock import FixedClock
from tests.fakes.invitation_counts import InMemoryInvitationCounts
from tests.fakes.invitation_repository import InMemoryInvitationRepository

AFTER_EXPIRY = NOW + LIFETIME + timedelta(days=1)


async def test_invitations_are_counted_as_they_are_now() -> None:
    store = InMemoryInvitationRepository()
    await issue(store, 1, 1, 2)
    await issue(store, 2, 2)
    await issue(store, 3, 1, organisation_id=OTHER_HOSPITAL)
    count = CountInvitations(InMemoryInvitationCounts(store), FixedClock(AFTER_EXPIRY, TODAY))

    [row] = await count(HOSPITAL, Period.ALL)

    assert (row.organisation_id, row.issued, row.patients, row.expired) == (HOSPITAL, 3, 2, 3)


async def test_all_organisations_are_counted_each_in_its_rows() -> None:
    store = InMemoryInvitationRepository()
    await issue(store, 1, 1, 2)
    await issue(store, 3, 1, organisation_id=OTHER_HOSPITAL)
    count = CountInvitations(InMemoryInvitationCounts(store), FixedClock(NOW, TODAY))

    rows = await count(None, Period.BATCH)

    assert [(row.organisation_id, row.issued) for row in rows] == [(HOSPITAL, 2), (OTHER_HOSPITAL, 1)]
