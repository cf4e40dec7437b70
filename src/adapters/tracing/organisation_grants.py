"""The span of asking for a grant."""

from adapters.tracing.part_spans import PartSpans
from application.ports.organisation_grants import OrganisationGrants
from domain.caller import Grant


class TracedOrganisationGrants(OrganisationGrants):
    """Knows what another knows."""

    def __init__(self, grants: OrganisationGrants, spans: PartSpans) -> None:
        """Ask `grants`."""
        self._grants = grants
        self._spans = spans

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands."""
        with self._spans.part("grant"):
            return await self._grants.includes(grant)
