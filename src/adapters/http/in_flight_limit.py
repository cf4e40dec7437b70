"""The in-flight limit over HTTP."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from msgspec import Struct

from adapters.http.bodies import AsgiApp, Message, Receive, Scope, Send
from adapters.http.request_log import note_in
from adapters.http.responses import send_refusal
from adapters.http.status_codes import http_refusal
from adapters.serving.in_flight_limit import InFlightLimit, NoSlotFree, WaitingRoom
from adapters.serving.refusals import UNAVAILABLE

_PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})


Refuse: TypeAlias = Callable[[Scope, Send], Awaitable[None]]
"""Answers a request that no slot is free for."""


async def send_unavailable(scope: Scope, send: Send) -> None:
    """Answer 503."""
    await send_refusal(scope, send, http_refusal(UNAVAILABLE))


class _Bodies(Struct, frozen=True):
    """How much of a body is received, and where its request waits for it."""

    at_most: int
    room: WaitingRoom


class ConcurrencyLimit:
    """ASGI middleware that refuses a request at once when no slot is free, so that no queue grows.

    Probes and metrics are always answered. A request gives its slot back while it waits for its body. Forms
    need no access token, so they wait in a room of their own: they keep no client waiting.
    """

    def __init__(
        self,
        app: AsgiApp,
        in_flight: InFlightLimit,
        body_bytes: int,
        forms: Mapping[str, int],
        refuse: Refuse = send_unavailable,
    ) -> None:
        """Pass as many requests to `app` at once as there are slots; `app` refuses larger bodies.

        `forms` says how many bytes a form may have, by the path that takes it. Answer the other requests by
        `refuse`.
        """
        self._app = app
        self._in_flight = in_flight
        self._bodies = _Bodies(body_bytes, in_flight.waiting_room)
        self._forms = {path: _Bodies(most, in_flight.new_waiting_room()) for path, most in forms.items()}
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if a slot is free."""
        if scope["type"] != "http" or scope["path"] in _PROBES:
            await self._app(scope, receive, send)
            return
        bodies = self._forms.get(scope["path"], self._bodies)
        try:
            async with self._in_flight.acquired() as slot:

                async def receive_without_slot() -> Message:
                    async with slot.released(bodies.room):
                        return await _whole_body(receive, bodies.at_most)

                await self._app(scope, receive_without_slot, send)
        except NoSlotFree:
            # before the request, or when it first waits for its body: nothing is sent yet
            note_in(scope, refusal=NoSlotFree.__name__)
            await self._refuse(scope, send)


async def _whole_body(receive: Receive, at_most: int) -> Message:
    """Receive a body, or as much as shows that it is too large, so that its request waits in turn once."""
    message = await receive()
    parts = [message.get("body", b"")]
    size = len(parts[0])
    while message["type"] == "http.request" and message.get("more_body", False) and size <= at_most:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    return {**message, "body": b"".join(parts)} if message["type"] == "http.request" else message
