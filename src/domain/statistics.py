"""What became of invitations, counted: by organisation, by batch or by week."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import accumulate, groupby

from msgspec import Struct

from domain.invitations import InvitationState, RequestId
from domain.organisations import OrganisationId


class Period(StrEnum):
    """What a row of statistics is about, within an organisation."""

    ALL = "all"
    BATCH = "batch"
    WEEK = "week"


class CountedInvitations(Struct, frozen=True):
    """So many invitations that are alike.

    `week` is the Monday, in UTC, of the week in which they were issued. `claimed` says whether they were ever
    claimed. `days_to_redeem` are the whole days from issue to redemption, of redeemed ones. The patients
    of those that `were_deleted` are no longer known.
    """

    organisation_id: OrganisationId
    batch: RequestId
    week: date
    state: InvitationState
    claimed: bool
    days_to_redeem: int | None
    number: int
    were_deleted: bool = False


class InvitationStatistics(Struct, frozen=True):
    """A row: what became of the invitations of an organisation, in a batch or a week if these are set.

    `claimed` counts those that were ever claimed, redeemed ones included. Patients of deleted invitations
    count once for each of them.
    """

    organisation_id: OrganisationId
    batch: RequestId | None
    week: date | None
    issued: int
    patients: int
    claimed: int
    redeemed: int
    expired: int
    revoked: int
    locked: int
    median_days: float | None


RowKey = tuple[OrganisationId, RequestId | None, date | None]


def row_key(counted: CountedInvitations, period: Period) -> RowKey:
    """Give the organisation of a row, and its batch or week."""
    batch = counted.batch if period is Period.BATCH else None
    # a batch is issued in one week, by which batches are ordered
    week = None if period is Period.ALL else counted.week
    return (counted.organisation_id, batch, week)


def statistics(
    counted: Iterable[CountedInvitations], patients: Mapping[RowKey, int], period: Period
) -> Sequence[InvitationStatistics]:
    """Sum up invitations by organisation and period, oldest first.

    `patients` are the distinct patients of the stored invitations of each row; in a batch, each
    invitation has its own.
    """
    ordered = sorted(counted, key=lambda each: _order(row_key(each, period)))
    return [
        _row(key, list(group), patients.get(key, 0))
        for key, group in groupby(ordered, key=lambda each: row_key(each, period))
    ]


def _order(key: RowKey) -> tuple[str, date, str]:
    organisation_id, batch, week = key
    return (str(organisation_id), week or date.min, str(batch))


def _row(key: RowKey, counted: Sequence[CountedInvitations], patients: int) -> InvitationStatistics:
    states: Counter[InvitationState] = Counter()
    for each in counted:
        states[each.state] += each.number
    organisation_id, batch, week = key
    return InvitationStatistics(
        organisation_id,
        batch,
        week,
        issued=states.total(),
        patients=patients + sum(each.number for each in counted if each.were_deleted),
        claimed=sum(each.number for each in counted if each.claimed),
        redeemed=states[InvitationState.REDEEMED],
        expired=states[InvitationState.EXPIRED],
        revoked=states[InvitationState.REVOKED],
        locked=states[InvitationState.LOCKED],
        median_days=_median_days(counted),
    )


def _median_days(counted: Iterable[CountedInvitations]) -> float | None:
    """Give the median of the days to redeem; between two days, their mean."""
    redeemed = sorted(
        (each.days_to_redeem, each.number) for each in counted if each.days_to_redeem is not None
    )
    total = sum(number for _days, number in redeemed)
    if not total:
        return None
    return (_nth(redeemed, (total - 1) // 2) + _nth(redeemed, total // 2)) / 2


def _nth(redeemed: Sequence[tuple[int, int]], position: int) -> int:
    ends = accumulate(number for _days, number in redeemed)
    return next(days for (days, _number), end in zip(redeemed, ends, strict=True) if position < end)
