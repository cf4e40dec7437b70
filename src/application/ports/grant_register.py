"""The port to the register of grants."""

from collections.abc import Sequence
from typing import Protocol

from domain.caller import Grant


class GrantRegister(Protocol):
    """Keeps the grants. All methods raise `Unavailable`."""

    async def add(self, grant: Grant) -> None:
        """Add the grant for an organisation that is there, unless it stands already."""
        ...

    async def remove(self, grant: Grant) -> bool:
        """Remove the grant; tell whether it was there."""
        ...

    async def all(self) -> Sequence[Grant]:
        """List the grants, ordered by client and organisation."""
        ...
