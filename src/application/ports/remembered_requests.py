"""The port to requests that may be sent again."""

from datetime import datetime
from typing import Protocol

from domain.idempotency import RememberedRequest, RequestName


class RememberedRequests(Protocol):
    """Finds what was remembered, and forgets it in time. All methods raise `Unavailable`."""

    async def find(self, name: RequestName, since: datetime) -> RememberedRequest | None:
        """Return the request of this name; one from before `since` is forgotten."""
        ...

    async def forget(self, before: datetime) -> int:
        """Forget what was issued before a moment, and return how many requests that were."""
        ...
