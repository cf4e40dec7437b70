"""A bound on the requests in progress in one process, over both transports."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

NO_SLOT_FREE = "NoSlotFree"
"""The cause in logs and metrics when a request is refused because every slot is in use."""

_WAITING_FOR_EACH_SLOT = 8
"""How many requests may wait for their callers, for each slot: what they have received takes memory."""


class InFlightLimit:
    """A number of slots, one for each request in progress.

    A request releases its slot while it waits for its caller, so that callers on slow lines do not block the
    others.
    """

    def __init__(self, limit: int, observe: Callable[[int], None] = lambda _in_use: None) -> None:
        """Allow `limit` requests at once; `observe` gets the number of slots in use whenever it changes."""
        self._limit = self._free = limit
        self._observe = observe
        self._may_wait = limit * _WAITING_FOR_EACH_SLOT
        self._slot_released = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether every slot is in use."""
        return self._free <= 0

    @contextmanager
    def acquired(self) -> Iterator[None]:
        """Hold a slot until the block ends, even if none is free."""
        self._acquire()
        try:
            yield
        finally:
            self._release()

    @asynccontextmanager
    async def acquired_in_turn(self) -> AsyncIterator[None]:
        """Wait for a free slot, and hold it until the block ends."""
        while self.is_full:
            self._slot_released.clear()
            await self._slot_released.wait()
        with self.acquired():
            yield

    @contextmanager
    def released(self) -> Iterator[None]:
        """Release the slot until the block ends. If too many requests wait already, keep it."""
        if self._may_wait == 0:
            yield
            return
        self._may_wait -= 1
        self._release()
        try:
            yield
        finally:
            self._acquire()
            self._may_wait += 1

    def _acquire(self) -> None:
        self._free -= 1
        self._observe(self._limit - self._free)

    def _release(self) -> None:
        self._free += 1
        self._observe(self._limit - self._free)
        self._slot_released.set()
