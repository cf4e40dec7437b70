"""The port to the organisations that callers may act for."""

from typing import Protocol

from domain.caller import Grant


class OrganisationGrants(Protocol):
    """Knows which client may act for which organisation."""

    async def includes(self, grant: Grant) -> bool:
        """Tell whether the grant stands. Raises `Unavailable`."""
        ...
