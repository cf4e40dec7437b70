"""Use case: show which client may act for which organisation."""

from collections.abc import Sequence

from application.ports.grant_register import GrantRegister
from domain.caller import Grant


class ListGrants:
    """List every grant, ordered by client and organisation."""

    def __init__(self, grants: GrantRegister) -> None:
        """Take the register of grants."""
        self._grants = grants

    async def __call__(self) -> Sequence[Grant]:
        """Return the grants. Raises `Unavailable`."""
        return await self._grants.all()
