"""A bound on the requests in work at once in one process, through whichever door they came."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

NO_PLACE_FREE = "NoPlaceFree"
"""What the log calls it when a request is refused because all places are taken."""

_WAITING_FOR_EACH_IN_WORK = 8
"""How many may wait for their callers for each that may be in work: what they have sent takes memory."""


class InFlightLimit:
    """So many places, one for each request in work.

    A request that waits for its caller is not in work: its place goes to another, so that callers on slow
    lines do not shut out the rest.
    """

    def __init__(self, limit: int, tell: Callable[[int], None] = lambda _taken: None) -> None:
        """Let `limit` requests be in work at once, and tell how many are, whenever that changes."""
        self._limit = self._free = limit
        self._tell = tell
        self._may_wait = limit * _WAITING_FOR_EACH_IN_WORK
        self._given_back = asyncio.Event()

    @property
    def all_taken(self) -> bool:
        """Whether one more has to be refused."""
        return self._free <= 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take a place until the block ends, whether one is free or not."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    @asynccontextmanager
    async def taken_in_turn(self) -> AsyncIterator[None]:
        """Wait for a free place, and take it until the block ends."""
        while self.all_taken:
            self._given_back.clear()
            await self._given_back.wait()
        with self.taken():
            yield

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let another have the place of a request that waits for its caller, if few enough wait already."""
        if self._may_wait == 0:
            yield
            return
        self._may_wait -= 1
        self._give_back()
        try:
            yield
        finally:
            self._take()
            self._may_wait += 1

    def _take(self) -> None:
        self._free -= 1
        self._tell(self._limit - self._free)

    def _give_back(self) -> None:
        self._free += 1
        self._tell(self._limit - self._free)
        self._given_back.set()
