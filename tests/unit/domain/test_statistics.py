"""What became of invitations, summed up."""

from datetime import date, timedelta

import pytest

from domain.invitations import InvitationState
from domain.statistics import CountedInvitations, InvitationStatistics, Period, statistics
from tests.builders import HOSPITAL, OTHER_HOSPITAL, a_request_id

MONDAY = date(2026, 11, 30)
NEXT = MONDAY + timedelta(days=7)
State = InvitationState


def counted(
    state: InvitationState = State.PENDING,
    number: int = 1,
    *,
    batch: int = 1,
    week: date = MONDAY,
    days: int | None = None,
    claimed: bool = False,
    were_deleted: bool = False,
) -> CountedInvitations:
    return CountedInvitations(HOSPITAL, a_request_id(batch), week, state, claimed, days, number, were_deleted)


def test_every_state_is_counted_and_what_was_claimed_beside_it() -> None:
    some = [
        counted(State.PENDING, 1),
        counted(State.CLAIMED, 2, claimed=True),
        counted(State.REDEEMED, 3, claimed=True, days=4),
        counted(State.EXPIRED, 4),
        counted(State.EXPIRED, 1, claimed=True),
        counted(State.REVOKED, 5),
        counted(State.LOCKED, 6),
    ]

    [row] = statistics(some, {(HOSPITAL, None, None): 20}, Period.ALL)

    assert row == InvitationStatistics(
        HOSPITAL,
        None,
        None,
        issued=22,
        patients=20,
        claimed=6,
        redeemed=3,
        expired=5,
        revoked=5,
        locked=6,
        median_days=4.0,
    )


def test_patients_of_deleted_invitations_count_for_each_of_them() -> None:
    some = [counted(number=2), counted(number=3, were_deleted=True)]

    [row] = statistics(some, {(HOSPITAL, None, None): 1}, Period.ALL)

    assert row.patients == 4


@pytest.mark.parametrize(
    ("days", "median"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({3: 1}, 3, id="one"),
        pytest.param({9: 1, 0: 1}, 4.5, id="between-two"),
        pytest.param({0: 1, 2: 1, 9: 1}, 2, id="the-middle"),
        pytest.param({0: 5, 30: 4}, 0, id="most-at-once"),
        pytest.param({1: 2, 2: 2}, 1.5, id="between-groups"),
    ],
)
def test_the_median_of_the_days_to_redeem(days: dict[int, int], median: float | None) -> None:
    some = [counted(), *(counted(State.REDEEMED, number, days=each) for each, number in days.items())]

    [row] = statistics(some, {}, Period.ALL)

    assert row.median_days == median


def test_batches_are_in_the_order_of_their_weeks() -> None:
    some = [counted(batch=1, week=NEXT), counted(batch=2), counted(batch=1, week=NEXT)]

    rows = statistics(some, {}, Period.BATCH)

    assert [(row.batch, row.week, row.issued) for row in rows] == [
        (a_request_id(2), MONDAY, 1),
        (a_request_id(1), NEXT, 2),
    ]


def test_weeks_sum_up_their_batches() -> None:
    some = [counted(batch=1), counted(batch=3, week=NEXT), counted(batch=2)]

    rows = statistics(some, {(HOSPITAL, None, MONDAY): 2}, Period.WEEK)

    assert [(row.batch, row.week, row.issued, row.patients) for row in rows] == [
        (None, MONDAY, 2, 2),
        (None, NEXT, 1, 0),
    ]


def test_organisations_are_apart() -> None:
    other = CountedInvitations(OTHER_HOSPITAL, a_request_id(), MONDAY, State.PENDING, False, None, 1)  # noqa: FBT003 - a column

    rows = statistics([other, counted()], {}, Period.ALL)

    assert [row.organisation_id for row in rows] == [HOSPITAL, OTHER_HOSPITAL]
