"""The contract of `InvitationCounts`, and of what `ExpiredInvitations` keeps for it.

The consumer supplies the fixtures `invitation_repository`, empty, `lived`, which writes the life of an
invitation, `invitation_counts` and `expired_invitations`.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec import structs

from application.ports.invitations import (
    ExpiredInvitations,
    InvitationCounts,
    InvitationRepository,
    OldInvitations,
)
from domain.invitations import InvitationLife, InvitationState
from domain.statistics import CountedInvitations, InvitationStatistics, Period, statistics
from tests.builders import (
    EXPIRY,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    a_request_id,
    an_audit_event,
    an_invitation,
)
from tests.contracts.invitation_lives import Lived, a_life, code_of, issue

A_DAY = timedelta(days=1)
LATER = NOW + 10 * A_DAY
A_YEAR_LATER = NOW + 365 * A_DAY
MONDAY = date(2026, 11, 30)
"""The first day of the week of `NOW`."""


async def _rows(
    counts: InvitationCounts, period: Period, now: datetime = LATER
) -> list[InvitationStatistics]:
    counted = await counts.count(HOSPITAL, now)
    return list(statistics(counted, await counts.count_patients(HOSPITAL, period), period))


class InvitationCountsContract:
    @pytest.mark.parametrize(
        ("life", "state", "claimed", "days"),
        [
            pytest.param(a_life(), InvitationState.PENDING, False, None, id="pending"),
            pytest.param(a_life(expires_at=LATER), InvitationState.EXPIRED, False, None, id="expired"),
            pytest.param(a_life(revoked_at=NOW), InvitationState.REVOKED, False, None, id="revoked"),
            pytest.param(a_life(failed_attempts=5), InvitationState.LOCKED, False, None, id="locked"),
            pytest.param(
                a_life(claim_expires_at=LATER + A_DAY), InvitationState.CLAIMED, True, None, id="claimed"
            ),
            pytest.param(
                a_life(claim_expires_at=LATER), InvitationState.PENDING, True, None, id="claim-over"
            ),
            pytest.param(
                a_life(redeemed_at=NOW + 3 * A_DAY), InvitationState.REDEEMED, True, 3, id="redeemed"
            ),
            pytest.param(
                a_life(redeemed_at=NOW + 3 * A_DAY - timedelta(seconds=1)),
                InvitationState.REDEEMED,
                True,
                2,
                id="redeemed-a-second-before-a-day-was-full",
            ),
        ],
    )
    async def test_an_invitation_is_counted_by_what_became_of_it(
        self,
        invitation_repository: InvitationRepository,
        invitation_counts: InvitationCounts,
        lived: Lived,
        *,
        life: InvitationLife,
        state: InvitationState,
        claimed: bool,
        days: int | None,
    ) -> None:
        await issue(invitation_repository, 1, 1)
        await lived(code_of(1, 1), life)

        counted = await invitation_counts.count(HOSPITAL, LATER)

        assert counted == [CountedInvitations(HOSPITAL, a_request_id(1), MONDAY, state, claimed, days, 1)]

    @pytest.mark.parametrize(
        ("issued_at", "monday"),
        [
            pytest.param(datetime(2026, 11, 30, tzinfo=UTC), MONDAY, id="first-moment"),
            pytest.param(datetime(2026, 12, 6, 23, 59, 59, tzinfo=UTC), MONDAY, id="last-moment"),
            pytest.param(datetime(2026, 12, 7, tzinfo=UTC), date(2026, 12, 7), id="next-week"),
            pytest.param(datetime(2027, 1, 1, tzinfo=UTC), date(2026, 12, 28), id="new-year"),
        ],
    )
    async def test_a_week_begins_on_monday(
        self,
        invitation_repository: InvitationRepository,
        invitation_counts: InvitationCounts,
        issued_at: datetime,
        monday: date,
    ) -> None:
        invitation = structs.replace(an_invitation(), issued_at=issued_at)
        await invitation_repository.add([invitation], an_audit_event())

        [counted] = await invitation_counts.count(HOSPITAL, NOW)

        assert counted.week == monday

    async def test_an_organisation_or_all_are_counted(
        self, invitation_repository: InvitationRepository, invitation_counts: InvitationCounts
    ) -> None:
        await issue(invitation_repository, 1, 1)
        await issue(invitation_repository, 2, 1, organisation_id=OTHER_HOSPITAL)

        counted = [await invitation_counts.count(each, NOW) for each in (HOSPITAL, None)]
        patients = [await invitation_counts.count_patients(each, Period.ALL) for each in (HOSPITAL, None)]

        assert [{each.organisation_id for each in some} for some in counted] == [
            {HOSPITAL},
            {HOSPITAL, OTHER_HOSPITAL},
        ]
        assert patients == [
            {(HOSPITAL, None, None): 1},
            {(HOSPITAL, None, None): 1, (OTHER_HOSPITAL, None, None): 1},
        ]

    @pytest.mark.parametrize(
        ("period", "issued", "patients"),
        [
            pytest.param(Period.ALL, [3], [2], id="all"),
            pytest.param(Period.WEEK, [3], [2], id="week"),
            pytest.param(Period.BATCH, [2, 1], [2, 1], id="batch"),
        ],
    )
    async def test_a_patient_counts_once_in_a_row(
        self,
        invitation_repository: InvitationRepository,
        invitation_counts: InvitationCounts,
        period: Period,
        issued: list[int],
        patients: list[int],
    ) -> None:
        await issue(invitation_repository, 1, 1, 2)
        await issue(invitation_repository, 2, 2)

        rows = await _rows(invitation_counts, period)

        assert [each.issued for each in rows] == issued
        assert [each.patients for each in rows] == patients

    async def test_statistics_stay_when_invitations_are_deleted(
        self,
        invitation_repository: InvitationRepository,
        invitation_counts: InvitationCounts,
        expired_invitations: ExpiredInvitations,
        lived: Lived,
    ) -> None:
        await issue(invitation_repository, 1, 1, 2, 3, 4)
        await issue(invitation_repository, 2, 5)
        await lived(code_of(1, 1), a_life(redeemed_at=NOW + 3 * A_DAY))
        await lived(code_of(1, 2), a_life(revoked_at=NOW))
        await lived(code_of(1, 3), a_life(claim_expires_at=NOW + A_DAY))
        before = {period: await _rows(invitation_counts, period, A_YEAR_LATER) for period in Period}

        old = OldInvitations(A_YEAR_LATER, redeemed_before=A_YEAR_LATER)
        removed = [each async for each in expired_invitations.remove(old, at_most=2)]

        assert sum(removed) == 5
        assert {period: await _rows(invitation_counts, period, A_YEAR_LATER) for period in Period} == before

    @pytest.mark.parametrize(
        ("life", "old", "is_removed"),
        [
            pytest.param(a_life(), OldInvitations(EXPIRY), False, id="not-before"),
            pytest.param(a_life(), OldInvitations(EXPIRY + A_DAY), True, id="expired"),
            pytest.param(a_life(revoked_at=NOW), OldInvitations(EXPIRY + A_DAY), True, id="revoked"),
            pytest.param(
                a_life(claim_expires_at=EXPIRY + A_DAY), OldInvitations(EXPIRY + A_DAY), False, id="claimed"
            ),
            pytest.param(a_life(redeemed_at=NOW), OldInvitations(A_YEAR_LATER), False, id="redeemed"),
            pytest.param(
                a_life(redeemed_at=NOW), OldInvitations(A_YEAR_LATER, NOW), False, id="not-redeemed-before"
            ),
            pytest.param(a_life(redeemed_at=NOW), OldInvitations(NOW, LATER), True, id="redeemed-before"),
        ],
    )
    async def test_an_invitation_is_deleted_once_it_is_over_and_a_redeemed_one_only_if_asked_for(
        self,
        invitation_repository: InvitationRepository,
        expired_invitations: ExpiredInvitations,
        lived: Lived,
        *,
        life: InvitationLife,
        old: OldInvitations,
        is_removed: bool,
    ) -> None:
        await issue(invitation_repository, 1, 1)
        await lived(code_of(1, 1), life)

        removed = [each async for each in expired_invitations.remove(old, at_most=100)]

        assert removed == ([1] if is_removed else [])

    async def test_of_nothing_nothing_is_counted(self, invitation_counts: InvitationCounts) -> None:
        assert await _rows(invitation_counts, Period.BATCH) == []
