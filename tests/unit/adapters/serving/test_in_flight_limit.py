"""The in-flight limit bounds what runs at once, and nobody waits for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from adapters.serving.in_flight_limit import InFlightLimit, NoSlotFree

LIMIT = 4
MAY_WAIT = 8 * LIMIT
AT_ONCE = 0.0


class Callers:
    """Requests that wait for their callers, and how many of them run at once."""

    def __init__(self, limit: InFlightLimit) -> None:
        self._limit = limit
        self.all_sent = asyncio.Event()
        self.running = 0
        self.most = 0

    async def call(self) -> None:
        async with self._limit.acquired() as slot:
            async with slot.released():
                await self.all_sent.wait()
            await self._run()

    async def _run(self) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0)
        self.running -= 1


@pytest.fixture
def limit() -> InFlightLimit:
    return InFlightLimit(LIMIT)


@pytest.fixture
def callers(limit: InFlightLimit) -> Callers:
    return Callers(limit)


async def _begun(call: Callable[[], Awaitable[None]], times: int) -> list[asyncio.Future[None]]:
    """Start calls, each of which gets as far as it can."""
    begun: list[asyncio.Future[None]] = []
    for _ in range(times):
        begun.append(asyncio.ensure_future(call()))
        await asyncio.sleep(0)
    return begun


async def test_no_more_run_than_there_are_slots_though_all_callers_send_at_once(callers: Callers) -> None:
    waiting = await _begun(callers.call, MAY_WAIT)

    callers.all_sent.set()
    await asyncio.gather(*waiting)

    assert callers.most == LIMIT


async def test_a_request_that_may_not_wait_is_refused_and_keeps_no_slot(
    limit: InFlightLimit, callers: Callers
) -> None:
    waiting = await _begun(callers.call, MAY_WAIT)

    with pytest.raises(NoSlotFree):
        await callers.call()

    async with AsyncExitStack() as all_slots:
        for _ in range(LIMIT):
            await all_slots.enter_async_context(limit.acquired())
    callers.all_sent.set()
    await asyncio.gather(*waiting)


async def test_a_request_is_refused_at_once_when_every_slot_is_in_use(limit: InFlightLimit) -> None:
    async with AsyncExitStack() as all_slots:
        for _ in range(LIMIT):
            await all_slots.enter_async_context(limit.acquired())

        with pytest.raises(NoSlotFree):
            await all_slots.enter_async_context(limit.acquired())


async def test_a_turn_that_does_not_come_in_time_is_a_refusal() -> None:
    limit = InFlightLimit(1, turn_seconds=AT_ONCE)
    async with limit.acquired():
        with pytest.raises(NoSlotFree):
            async with limit.acquired_in_turn():
                pass


async def test_a_request_whose_turn_after_its_body_does_not_come_is_refused() -> None:
    limit = InFlightLimit(1, turn_seconds=AT_ONCE)
    async with AsyncExitStack() as other, limit.acquired() as slot:
        with pytest.raises(NoSlotFree):
            async with slot.released():
                await other.enter_async_context(limit.acquired())


async def test_slots_are_given_in_the_order_of_arrival() -> None:
    limit = InFlightLimit(1)
    order: list[int] = []

    async def take_turn(number: int) -> None:
        async with limit.acquired_in_turn():
            order.append(number)

    async with limit.acquired():
        waiting = [asyncio.ensure_future(take_turn(number)) for number in range(3)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)

    assert order == [0, 1, 2]


async def test_a_request_whose_body_does_not_come_holds_its_slot_when_it_is_refused() -> None:
    seen: list[int] = []
    observed = InFlightLimit(1, seen.append)
    async with observed.acquired() as slot:
        with pytest.raises(TimeoutError):
            async with slot.released():
                raise TimeoutError
        meanwhile = seen[-1]

    assert (meanwhile, seen[-1]) == (1, 0)


async def test_a_slot_that_was_given_back_early_is_given_back_once() -> None:
    seen: list[int] = []
    observed = InFlightLimit(1, seen.append)

    async with observed.acquired() as slot:
        slot.give_back()

    assert seen == [1, 0]
