"""Measures in short slices, one subject after another, so that noise affects all of them equally."""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random
from typing import Any

from msgspec import Struct

from benchmarks.patients import draw_identifiers
from benchmarks.process_group import ProcessGroup
from benchmarks.subject import Send, Subject

# so many that a slice hardly ever repeats a patient
_PATIENTS_PREPARED = 60_000
_REQUESTS_PREPARED = 3_000


class Load(Struct, frozen=True):
    """A number of clients, each of which sends batches of this size without a pause."""

    batch: int
    clients: int


class Slice(Struct, frozen=True):
    """The result of a load: the seconds of each call and of the whole, and the processor time."""

    batch: int
    latencies: Sequence[float]
    elapsed: float
    subject_cpu: float
    database_cpu: float
    client_cpu: float

    @property
    def patients(self) -> int:
        """The number of answered patients."""
        return self.batch * len(self.latencies)


class Slicer:
    """Puts subjects under load, on one database server."""

    def __init__(self, database: ProcessGroup, draw: Random) -> None:
        """Measure the processor time of this database server. `draw` chooses patients."""
        self._database = database
        self._draw = draw

    async def measure(self, subject: Subject, load: Load, seconds: float, population: int) -> Slice:
        """Put a subject under load. Each client sends at least once, and every started call is finished."""
        requests = min(_PATIENTS_PREPARED // load.batch + 1, _REQUESTS_PREPARED)
        prepared = [
            subject.prepare(draw_identifiers(self._draw, load.batch, population))
            for _request in range(requests)
        ]
        return await measure_requests(subject, self._database, load, cycle(prepared), seconds)


async def measure_requests(
    subject: Subject, database: ProcessGroup, load: Load, requests: Iterator[Any], seconds: float = math.inf
) -> Slice:
    """Let clients send requests one after another, until there are no more or the time is up."""

    def cpu() -> tuple[float, float, float]:
        return subject.cpu_seconds(), database.cpu_seconds(), time.process_time()

    async with subject.connect(load.clients) as clients:
        before, start = cpu(), time.perf_counter()
        latencies = await _send(clients, requests, load.batch, start + seconds)
        elapsed = time.perf_counter() - start
        took = [after - spent for after, spent in zip(cpu(), before, strict=True)]
    return Slice(load.batch, latencies, elapsed, *took)


async def _send(clients: Sequence[Send], requests: Iterator[Any], batch: int, until: float) -> list[float]:
    latencies: list[float] = []

    async def send_on(send: Send) -> None:
        now = time.perf_counter()
        for request in requests:
            answered = await send(request)
            start, now = now, time.perf_counter()
            latencies.append(now - start)
            if answered != batch:
                raise RuntimeError(f"{answered} of {batch} patients were answered")
            if now >= until:
                return

    await asyncio.gather(*map(send_on, clients))
    return latencies
