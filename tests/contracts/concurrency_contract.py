"""What everything does that lets a use case do several things at the same time.

The consumer supplies the fixture `concurrency`.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from application.ports.system import Concurrency, Unavailable


class Calls:
    """Numbered calls; each waits until a test lets it end."""

    def __init__(self, number: int) -> None:
        self.begun: list[int] = []
        self.cancelled: list[int] = []
        self._ends = [asyncio.Event() for _ in range(number)]

    def end(self, *numbers: int) -> None:
        for number in numbers:
            self._ends[number].set()

    def each(self) -> list[Callable[[], Awaitable[int]]]:
        return [lambda number=number: self._call(number) for number in range(len(self._ends))]  # type: ignore[misc]  # the default binds the number

    async def _call(self, number: int) -> int:
        self.begun.append(number)
        try:
            await self._ends[number].wait()
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise
        return number


async def _fail() -> None:
    raise Unavailable("it is away")


class ConcurrencyContract:
    async def test_both_are_done_at_the_same_time(self, concurrency: Concurrency) -> None:
        reached = asyncio.Event()

        async def second() -> str:
            reached.set()
            return "second"

        both = await concurrency.both(reached.wait(), second())

        assert both == (True, "second")

    async def test_the_failure_of_one_is_that_of_both(self, concurrency: Concurrency) -> None:
        with pytest.raises(Unavailable):
            await concurrency.both(_fail(), asyncio.sleep(0))

    async def test_the_failure_of_one_ends_the_other(self, concurrency: Concurrency) -> None:
        calls = Calls(1)
        [other] = calls.each()

        with pytest.raises(Unavailable):
            await concurrency.both(other(), _fail())

        assert calls.cancelled == [0]

    async def test_other_work_continues_when_it_is_given_way(self, concurrency: Concurrency) -> None:
        other = asyncio.ensure_future(asyncio.sleep(0))
        while not other.done():
            await concurrency.give_way()

        assert other.done()

    async def test_results_come_in_the_order_of_the_calls(self, concurrency: Concurrency) -> None:
        calls = Calls(3)
        calls.end(2, 1, 0)

        results = [result async for result in concurrency.in_order(calls.each(), 2)]

        assert results == [0, 1, 2]

    @pytest.mark.parametrize("at_once", [1, 2, 3])
    async def test_no_more_calls_run_than_may(self, concurrency: Concurrency, at_once: int) -> None:
        calls = Calls(5)
        calls.end(0)
        results = concurrency.in_order(calls.each(), at_once)

        await anext(results)

        assert calls.begun == [*range(at_once)]
        await results.aclose()

    async def test_the_next_call_begins_when_a_result_is_asked_for(self, concurrency: Concurrency) -> None:
        calls = Calls(5)
        calls.end(0, 1)
        results = concurrency.in_order(calls.each(), 2)
        await anext(results)
        begun = [*calls.begun]

        await anext(results)
        await concurrency.give_way()

        assert (begun, calls.begun) == ([0, 1], [0, 1, 2])
        await results.aclose()

    async def test_calls_that_run_are_cancelled_when_no_more_results_are_wanted(
        self, concurrency: Concurrency
    ) -> None:
        calls = Calls(5)
        calls.end(0)
        results = concurrency.in_order(calls.each(), 3)
        await anext(results)

        await results.aclose()

        assert calls.cancelled == [1, 2]

    async def test_no_calls_have_no_results(self, concurrency: Concurrency) -> None:
        assert [result async for result in concurrency.in_order(Calls(0).each(), 2)] == []
