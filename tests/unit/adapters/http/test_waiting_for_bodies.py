"""A request that waits for its body holds no slot."""

import asyncio
from collections.abc import Callable, Coroutine
from logging import getLogger
from typing import Any

import pytest

from adapters.http.bodies import Message, Receive, Scope, Send
from adapters.http.in_flight_limit import ConcurrencyLimit
from adapters.http.request_log import RequestLog
from adapters.serving.in_flight_limit import InFlightLimit

FORM = "/form"
"""Where no access token is needed to send a body."""


class SlowLine:
    """A caller whose body arrives late, and the statuses of its answers."""

    def __init__(self, path: str = "/fhir/x") -> None:
        self.scope: Scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [],
        }
        self.body_is_there = asyncio.Event()
        self.statuses: list[int] = []

    async def receive(self) -> Message:
        await self.body_is_there.wait()
        return {"type": "http.request", "body": b""}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])


async def _read_and_answer(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})


@pytest.fixture
def call() -> Callable[[SlowLine], Coroutine[Any, Any, None]]:
    limit = ConcurrencyLimit(_read_and_answer, InFlightLimit(1), 1_000, {FORM: 100})
    app = RequestLog(limit, getLogger("test"), lambda *_line: None)

    async def call(caller: SlowLine) -> None:
        await app(caller.scope, caller.receive, caller.send)

    return call


async def _begun(*calls: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    begun = [asyncio.create_task(call) for call in calls]
    await asyncio.sleep(0)
    return begun


async def test_another_caller_is_served_meanwhile(
    call: Callable[[SlowLine], Coroutine[Any, Any, None]],
) -> None:
    slow, quick = SlowLine(), SlowLine()
    quick.body_is_there.set()
    waiting = await _begun(call(slow))

    await call(quick)

    assert (slow.statuses, quick.statuses) == ([], [200])
    slow.body_is_there.set()
    await asyncio.gather(*waiting)


async def test_eight_requests_may_wait_for_each_slot(
    call: Callable[[SlowLine], Coroutine[Any, Any, None]],
) -> None:
    slow = [SlowLine() for _caller in range(9)]
    waiting = await _begun(*(call(caller) for caller in slow))
    late = SlowLine()

    await call(late)

    assert late.statuses == [503]
    for caller in slow:
        caller.body_is_there.set()
    await asyncio.gather(*waiting)


async def test_the_slots_are_free_after_all_answers(
    call: Callable[[SlowLine], Coroutine[Any, Any, None]],
) -> None:
    callers = [SlowLine() for _caller in range(9)]
    waiting = await _begun(*(call(caller) for caller in callers))
    for caller in callers:
        caller.body_is_there.set()
    await asyncio.gather(*waiting)
    late = SlowLine()
    late.body_is_there.set()

    await call(late)

    assert late.statuses == [200]


@pytest.mark.parametrize("path", ["//fhir/x", "/%2ffhir/x", "/docs", "/metrics/x"])
async def test_every_path_except_the_probes_is_limited(
    call: Callable[[SlowLine], Coroutine[Any, Any, None]], path: str
) -> None:
    waiting = await _begun(*(call(SlowLine()) for _caller in range(9)))
    late = SlowLine(path)

    await call(late)

    assert late.statuses == [503]
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_forms_that_need_no_access_token_wait_among_themselves(
    call: Callable[[SlowLine], Coroutine[Any, Any, None]],
) -> None:
    forms = [SlowLine(FORM) for _form in range(9)]
    late, other = SlowLine(FORM), SlowLine()
    waiting = await _begun(*(call(each) for each in (*forms, late, other)))
    for each in (*forms, late, other):
        each.body_is_there.set()

    await asyncio.gather(*waiting)

    assert [each.statuses for each in forms[:8]] == [[200]] * 8
    assert (late.statuses, other.statuses) == ([503], [200])


@pytest.mark.parametrize(("path", "parts"), [(FORM, 3), ("/fhir/x", 21)])
async def test_no_more_of_a_body_is_received_than_shows_that_it_is_too_large(
    call: Callable[[SlowLine], Coroutine[Any, Any, None]], path: str, parts: int
) -> None:
    caller = EndlessBody(path)

    await call(caller)

    assert caller.parts == parts


class EndlessBody(SlowLine):
    """A caller who sends 50 bytes again and again."""

    parts = 0

    async def receive(self) -> Message:
        self.parts += 1
        return {"type": "http.request", "body": b"x" * 50, "more_body": True}
