"""Grants that stood a moment ago, so that not every call asks for them."""

from collections.abc import Callable

from application.ports.organisation_grants import OrganisationGrants
from domain.caller import Grant

LIFETIME_SECONDS = 3.0
"""How long a grant that was revoked may still count; callers are promised 5 seconds."""

_MOST = 10_000


class RecentGrants(OrganisationGrants):
    """Remembers for a short time that a grant stands, never that it does not."""

    def __init__(
        self, grants: OrganisationGrants, monotonic: Callable[[], float], seconds: float = LIFETIME_SECONDS
    ) -> None:
        """Ask `grants`; `monotonic` tells seconds, only ever forward."""
        self._grants = grants
        self._monotonic = monotonic
        self._seconds = seconds
        self._until: dict[Grant, float] = {}

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands, or stood a moment ago."""
        now = self._monotonic()
        if now < self._until.get(grant, now):
            return True
        stands = await self._grants.includes(grant)
        if stands:
            self._keep(grant, now + self._seconds)
        return stands

    def _keep(self, grant: Grant, until: float) -> None:
        self._until.pop(grant, None)
        if len(self._until) >= _MOST:
            del self._until[next(iter(self._until))]
        self._until[grant] = until
