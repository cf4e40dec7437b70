"""The port to invitations that nobody can use any more."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol


class ExpiredInvitations(Protocol):
    """Forgets invitations past their expiry."""

    def remove(self, expired_before: datetime, at_most: int) -> AsyncIterator[int]:
        """Remove those that expired before a moment, `at_most` in a transaction.

        Gives the number removed after each transaction; what was removed before an interruption stays
        removed. Raises `Unavailable`.
        """
        ...
