"""Callers that call repeatedly while something fails."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count

import anyio
import httpx
from msgspec import Struct

from tests.integration.faults.support.waiting import until
from tests.integration.http.support.call import (
    OPERATION,
    Answered,
    answered,
    asking_for,
    request_headers,
)
from tests.integration.http.support.issuer import Issuer
from tests.integration.http.support.people import CROWD
from tests.integration.http.support.refused import Refused, refusal_in
from tests.integration.service import Service

BATCH = 20
"""The patients of a request, who may all be invited."""

_LONGEST_SECONDS = 60
_PAUSE_SECONDS = 0.02
"""How long a caller waits after a call that failed; in a hurry, one that succeeds is followed by the next."""


class Call(Struct, frozen=True):
    """A call: its begin, its end, and the response, or None if the connection broke."""

    started: float
    ended: float
    response: httpx.Response | None

    @property
    def status(self) -> int | None:
        return None if self.response is None else self.response.status_code

    @property
    def refusal(self) -> Refused | None:
        """Read the response as a refusal."""
        return None if self.response is None else refusal_in(self.response)

    @property
    def seconds(self) -> float:
        return self.ended - self.started


class Calls(Struct):
    """The calls made so far, in the order in which they ended."""

    made: list[Call] = []

    @property
    def statuses(self) -> Counter[int | None]:
        return Counter(call.status for call in self.made)

    @property
    def answers(self) -> list[list[Answered]]:
        """The answer of every call that succeeded."""
        return [
            answered(call.response) for call in self.made if call.response and call.status == httpx.codes.OK
        ]

    def between(self, first: float, last: float) -> Sequence[Call]:
        """Give the calls that began and ended between two moments."""
        return [call for call in self.made if first <= call.started and call.ended <= last]

    async def get(self, condition: Callable[[Sequence[Call]], bool]) -> None:
        """Wait until the calls that end from now on meet a condition."""
        before = len(self.made)

        async def is_met() -> bool:
            return condition(self.made[before:])

        await until(is_met)

    async def succeed(self, times: int) -> None:
        """Wait until this number of further calls have succeeded."""
        await self.get(lambda calls: sum(call.status == httpx.codes.OK for call in calls) >= times)

    async def fail(self, times: int) -> None:
        """Wait until this number of further calls have failed."""
        await self.get(lambda calls: sum(call.status != httpx.codes.OK for call in calls) >= times)


class Callers:
    """Calls with the grant, each for the next few of the crowd."""

    def __init__(self, service: Service, issuer: Issuer, client: httpx.AsyncClient) -> None:
        self.calls = Calls()
        self._url = service.url + OPERATION
        self._headers = request_headers(issuer.access_token())
        self._client = client
        self._numbers = count()

    async def call(self) -> Call:
        start = next(self._numbers) * BATCH % len(CROWD)
        body = asking_for(*CROWD[start : start + BATCH])
        started = time.monotonic()
        try:
            response = await self._client.post(self._url, headers=self._headers, content=body)
        except httpx.TransportError:
            response = None
        call = Call(started, time.monotonic(), response)
        self.calls.made.append(call)
        return call

    async def call_at_once(self, times: int) -> Sequence[Call]:
        """Make this number of concurrent calls, and return them all."""
        before = len(self.calls.made)
        async with anyio.create_task_group() as calling:
            for _ in range(times):
                calling.start_soon(self.call)
        return self.calls.made[before:]


@asynccontextmanager
async def callers_of(service: Service, issuer: Issuer) -> AsyncIterator[Callers]:
    """Give callers with a long timeout, each with its own connection."""
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits()) as client:
        yield Callers(service, issuer, client)


@asynccontextmanager
async def load(
    service: Service, issuer: Issuer, *, callers: int = 8, unhurried: bool = False
) -> AsyncIterator[Calls]:
    """Keep so many callers calling until the block ends, and their last calls are answered.

    Unhurried ones leave the machine to others for a while after each call.
    """
    end = time.monotonic() + _LONGEST_SECONDS
    stopping = anyio.Event()

    async def keep_calling() -> None:
        while not stopping.is_set() and time.monotonic() < end:
            if (await calling.call()).status != httpx.codes.OK or unhurried:
                await anyio.sleep(_PAUSE_SECONDS)

    async with callers_of(service, issuer) as calling, anyio.create_task_group() as tasks:
        for _ in range(callers):
            tasks.start_soon(keep_calling)
        yield calling.calls
        stopping.set()
