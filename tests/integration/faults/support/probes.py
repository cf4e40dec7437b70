"""Asks the probes repeatedly while something fails."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import httpx
from msgspec import Struct

from tests.integration.faults.support.waiting import until
from tests.integration.service import Service

_PAUSE_SECONDS = 0.1


class Probe(Struct, frozen=True):
    """The answers to both probes: when the first was asked, when the last answered."""

    started: float
    ended: float
    live: int
    ready: int


class Probes(Struct):
    """The probes made so far."""

    made: list[Probe] = []

    async def are_ready(self) -> None:
        """Wait until the service is ready."""
        before = len(self.made)

        async def is_ready() -> bool:
            return 200 in {probe.ready for probe in self.made[before + 1 :]}

        await until(is_ready)

    def ready_between(self, first: float, last: float) -> set[int]:
        return {probe.ready for probe in self.made if first <= probe.started and probe.ended <= last}


@asynccontextmanager
async def probing(service: Service) -> AsyncIterator[Probes]:
    """Keep asking until the block ends."""
    probes = Probes()
    stopping = anyio.Event()

    async def keep_asking(client: httpx.AsyncClient) -> None:
        while not stopping.is_set():
            started = time.monotonic()
            live, ready = await client.get("/health/live"), await client.get("/health/ready")
            probes.made.append(Probe(started, time.monotonic(), live.status_code, ready.status_code))
            await anyio.sleep(_PAUSE_SECONDS)

    async with (
        httpx.AsyncClient(base_url=service.url, timeout=60) as client,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(keep_asking, client)
        yield probes
        stopping.set()
