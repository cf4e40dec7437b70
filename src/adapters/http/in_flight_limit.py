"""The in-flight limit over HTTP."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from adapters.http.bodies import AsgiApp, Message, Receive, Scope, Send
from adapters.http.request_log import note_in
from adapters.http.responses import send_refusal
from adapters.http.status_codes import http_refusal
from adapters.serving.in_flight_limit import NO_SLOT_FREE, InFlightLimit
from adapters.serving.refusals import UNAVAILABLE

_PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})


Refuse: TypeAlias = Callable[[Scope, Send], Awaitable[None]]
"""Answers a request that no slot is free for."""


async def send_unavailable(scope: Scope, send: Send) -> None:
    """Answer 503."""
    await send_refusal(scope, send, http_refusal(UNAVAILABLE))


class ConcurrencyLimit:
    """ASGI middleware that refuses a request at once when no slot is free, so that no queue grows.

    Probes and metrics are always answered. A request releases its slot while it waits for its body.
    """

    def __init__(self, app: AsgiApp, in_flight: InFlightLimit, refuse: Refuse = send_unavailable) -> None:
        """Pass as many requests to `app` at once as there are slots, and `refuse` the others."""
        self._app = app
        self._in_flight = in_flight
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if a slot is free."""
        if scope["type"] != "http" or scope["path"] in _PROBES:
            await self._app(scope, receive, send)
            return
        if self._in_flight.is_full:
            note_in(scope, refusal=NO_SLOT_FREE)
            await self._refuse(scope, send)
            return

        async def receive_without_slot() -> Message:
            with self._in_flight.released():
                return await receive()

        with self._in_flight.acquired():
            await self._app(scope, receive_without_slot, send)
