"""Use case: count what became of invitations."""

from collections.abc import Sequence

from application.ports.invitations import InvitationCounts
from application.ports.system import Clock
from domain.organisations import OrganisationId
from domain.statistics import InvitationStatistics, Period, statistics


class CountInvitations:
    """Count what became of the invitations of one organisation or all, as a whole, by batch or by week.

    Invitations that were deleted are counted too.
    """

    def __init__(self, counts: InvitationCounts, clock: Clock) -> None:
        """Sum up `counts`."""
        self._counts = counts
        self._clock = clock

    async def __call__(
        self, organisation_id: OrganisationId | None, period: Period
    ) -> Sequence[InvitationStatistics]:
        """Return the rows. Raises `Unavailable`."""
        counted = await self._counts.count(organisation_id, self._clock.instant())
        patients = await self._counts.count_patients(organisation_id, period)
        return statistics(counted, patients, period)
