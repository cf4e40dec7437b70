"""One check a second answers every probe."""

import asyncio

import pytest

from adapters.serving.readiness import SharedReadiness
from application.ports.system import ReadinessCheck


class CountedCheck(ReadinessCheck):
    """Counts how often it is asked, and answers when a test lets it."""

    def __init__(self) -> None:
        self.asked = 0
        self.found: str | None = None
        self.let_go = asyncio.Event()

    async def problem(self) -> str | None:
        self.asked += 1
        await self.let_go.wait()
        return self.found


class Seconds:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def check() -> CountedCheck:
    return CountedCheck()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def readiness(check: CountedCheck, seconds: Seconds) -> SharedReadiness:
    return SharedReadiness(check, seconds)


async def test_probes_at_the_same_time_share_a_check(readiness: SharedReadiness, check: CountedCheck) -> None:
    probes = [asyncio.ensure_future(readiness.problem()) for _ in range(100)]
    check.found = "the database is away"
    check.let_go.set()

    answers = await asyncio.gather(*probes)

    assert (check.asked, {*answers}) == (1, {"the database is away"})


async def test_a_service_that_is_not_ready_is_soon_checked_again(
    readiness: SharedReadiness, check: CountedCheck, seconds: Seconds
) -> None:
    check.found = "the database is away"
    check.let_go.set()

    for eighth in range(8):
        seconds.now = eighth / 8
        await asyncio.gather(*(readiness.problem() for _ in range(3)))

    assert check.asked == 8


async def test_that_the_service_is_ready_stands_for_a_second(
    readiness: SharedReadiness, check: CountedCheck, seconds: Seconds
) -> None:
    check.let_go.set()
    before = await readiness.problem()
    check.found = "the database is away"

    seconds.now = 0.9
    meanwhile = await readiness.problem()
    seconds.now = 1.0
    after = await readiness.problem()

    assert (before, meanwhile, after, check.asked) == (None, None, "the database is away", 2)


async def test_a_probe_that_hangs_up_takes_the_answer_from_no_other(
    readiness: SharedReadiness, check: CountedCheck
) -> None:
    leaving, staying = [asyncio.ensure_future(readiness.problem()) for _ in range(2)]
    await asyncio.sleep(0)
    leaving.cancel()
    check.let_go.set()

    assert await staying is None
