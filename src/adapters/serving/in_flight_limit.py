"""A bound on the requests in progress in one process, over both transports."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from application.ports.system import Unavailable

TURN_SECONDS = 30.0
"""How long a request may wait for its turn, before it is refused."""

_WAITING_FOR_EACH_SLOT = 8
"""How many requests may wait for their callers, for each slot: what they have received takes memory."""


class NoSlotFree(Unavailable):
    """Every slot is in use, or as many requests wait as may."""


class WaitingRoom:
    """A number of places for requests that wait for their callers."""

    def __init__(self, places: int) -> None:
        """Start with all places free."""
        self._free = places

    def enter(self) -> None:
        """Take a place. Raises NoSlotFree if there is none."""
        if self._free == 0:
            raise NoSlotFree("too many requests wait for their callers")
        self._free -= 1

    def leave(self) -> None:
        """Give the place back."""
        self._free += 1


class InFlightLimit:
    """A number of slots. Only who holds one is in progress.

    A request gives its slot back while it waits for its caller, so that callers on slow lines do not block
    the others. Then it waits for its turn, in the order of arrival, and for a limited time.
    """

    def __init__(
        self,
        limit: int,
        observe: Callable[[int], None] = lambda _in_use: None,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """Allow `limit` requests at once; `observe` gets the number of slots in use whenever it changes."""
        self.limit = limit
        self._observe = observe
        self._turn_seconds = turn_seconds
        self._slots = asyncio.Semaphore(limit)
        self._in_use = 0
        self.waiting_room = self.new_waiting_room()

    def new_waiting_room(self) -> WaitingRoom:
        """Make a room for requests that must not take the places of others."""
        return WaitingRoom(self.limit * _WAITING_FOR_EACH_SLOT)

    def acquired(self) -> "Slot":
        """Give a slot for a block. Raises NoSlotFree at once if none is free."""
        if self._slots.locked():
            raise NoSlotFree("every slot is in use")
        return Slot(self)

    def acquired_in_turn(self) -> "Slot":
        """Give a slot for a block, which waits for it. Raises NoSlotFree then if that takes too long."""
        return Slot(self)

    async def take(self) -> None:
        """Take a slot in turn; only for `Slot`. Raises NoSlotFree."""
        if self._slots.locked():
            await self._wait()
        else:
            # nothing to wait for, so no timer
            await self._slots.acquire()
        self._change_by(1)

    def give_back(self) -> None:
        """Give a slot to the next in turn; only for `Slot`."""
        self._slots.release()
        self._change_by(-1)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._turn_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise NoSlotFree("no slot was free in time") from None

    def _change_by(self, number: int) -> None:
        self._in_use += number
        self._observe(self._in_use)


class Slot:
    """The slot of one request, which holds it until the block ends."""

    # classes, not generators, here and below: every call enters them

    def __init__(self, limit: InFlightLimit) -> None:
        """Hold nothing yet."""
        self._limit = limit
        self._is_held = False

    async def __aenter__(self) -> Self:
        """Wait for the slot. Raises NoSlotFree if that takes too long."""
        await self.take()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _raised: BaseException | None, _frames: TracebackType | None
    ) -> None:
        """Give the slot back."""
        self.give_back()

    async def take(self) -> None:
        """Wait for the slot. Raises NoSlotFree if that takes too long."""
        await self._limit.take()
        self._is_held = True

    def give_back(self) -> None:
        """Give the slot back, if it is held."""
        if self._is_held:
            self._is_held = False
            self._limit.give_back()

    def released(self, room: WaitingRoom | None = None) -> "_Released":
        """Give the slot back until the block ends, and then wait for it; `room` instead of that of the limit.

        Raises NoSlotFree before the block if too many requests wait already, or after it if the turn does not
        come in time.
        """
        return _Released(self, room or self._limit.waiting_room)


class _Released:
    """A block without the slot, in a place of the waiting room."""

    def __init__(self, slot: Slot, room: WaitingRoom) -> None:
        self._slot = slot
        self._room = room

    async def __aenter__(self) -> None:
        self._room.enter()
        self._slot.give_back()

    async def __aexit__(
        self, _kind: type[BaseException] | None, raised: BaseException | None, _frames: TracebackType | None
    ) -> None:
        try:
            # after a failure, too, the request goes on: it is refused, and that is put on record
            if raised is None or isinstance(raised, Exception):
                await self._slot.take()
        finally:
            self._room.leave()
