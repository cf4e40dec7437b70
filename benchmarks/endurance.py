"""Measures the memory of a worker after many requests."""

import asyncio
import time
from collections.abc import Sequence
from random import Random

from msgspec import Struct

from benchmarks.http_subject import HttpSubject
from benchmarks.patients import draw_identifiers
from benchmarks.plan import Plan
from benchmarks.process_group import ProcessGroup
from benchmarks.server_process import ServerProcess
from benchmarks.subject import Send

_CLIENTS = 8
_ONE_IN_IS_LARGE = 100
_LARGE = 500
_SAMPLE_SECONDS = 0.5
_WARM_UP_SHARE = 0.2
_SEED = 11


class Weight(Struct, frozen=True):
    """The resident memory of a worker after so many requests, so many seconds from the first one."""

    requests: int
    seconds: float
    mebibytes: float


class Endurance(Struct, frozen=True):
    """The memory of one worker over time. The first fifth of the requests is its warm-up."""

    weights: Sequence[Weight]

    @property
    def warm(self) -> float:
        """MiB after the warm-up."""
        enough = self.weights[-1].requests * _WARM_UP_SHARE
        return next(each.mebibytes for each in self.weights if each.requests >= enough)

    @property
    def last(self) -> float:
        """MiB at the end."""
        return self.weights[-1].mebibytes

    @property
    def most(self) -> float:
        """The maximum in MiB."""
        return max(each.mebibytes for each in self.weights)


async def measure_endurance(server: ServerProcess, access_token: str, plan: Plan) -> Endurance:
    """Send batches of one patient by several clients, and a large batch every hundredth time."""
    subject, process = HttpSubject("service", access_token, server), ProcessGroup(server.pid)
    draw = Random(_SEED)  # noqa: S311 - a choice of patients, not a secret
    start, sent, over = time.perf_counter(), 0, False

    async def send_on(send: Send) -> None:
        nonlocal sent
        while not over:
            sent += 1
            batch = _LARGE if sent % _ONE_IN_IS_LARGE == 0 else 1
            await send(subject.prepare(draw_identifiers(draw, batch, plan.rows)))

    weights: list[Weight] = []
    async with subject.connect(_CLIENTS) as clients:
        sending = [asyncio.create_task(send_on(send)) for send in clients]
        while not over:
            await asyncio.wait(sending, timeout=_SAMPLE_SECONDS, return_when=asyncio.FIRST_EXCEPTION)
            seconds = time.perf_counter() - start
            weights.append(Weight(sent, seconds, process.largest_worker_mebibytes()))
            over = (sent >= plan.requests_endured and seconds >= plan.minutes_endured * 60) or any(
                task.done() for task in sending
            )
        await asyncio.gather(*sending)
    return Endurance(weights)
