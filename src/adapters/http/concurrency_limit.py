"""A bound on the requests in work at once."""

from adapters.http.asgi import AsgiApp, Message, Receive, Scope, Send
from adapters.http.fhir_response import send_refusal
from adapters.http.transport_refusals import UNAVAILABLE

_PROBES = frozenset({"/health/live", "/health/ready"})

_WAITING_FOR_EACH_IN_WORK = 8
"""How many may wait for their bodies for each that may be in work: what they have sent takes memory."""


class ConcurrencyLimit:
    """ASGI middleware that refuses at once what is beyond the bound, so that no queue grows.

    It bounds one process; probes are always answered. A request that waits for its body is not in work:
    its place goes to another, so that callers on slow lines do not shut out the rest.
    """

    def __init__(self, app: AsgiApp, limit: int) -> None:
        """Let `limit` requests into `app` at once."""
        self._app = app
        self._free = limit
        self._may_wait = limit * _WAITING_FOR_EACH_IN_WORK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if there is room."""
        if scope["type"] != "http" or scope["path"] in _PROBES:
            await self._app(scope, receive, send)
            return
        if self._free <= 0:
            await send_refusal(scope, send, UNAVAILABLE)
            return
        self._free -= 1
        try:
            await self._app(scope, self._waiting(receive), send)
        finally:
            self._free += 1

    def _waiting(self, receive: Receive) -> Receive:
        async def receive_without_place() -> Message:
            if self._may_wait == 0:
                return await receive()
            self._may_wait -= 1
            self._free += 1
            try:
                return await receive()
            finally:
                self._free -= 1
                self._may_wait += 1

        return receive_without_place
