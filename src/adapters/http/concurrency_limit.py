"""A bound on the requests in work at once."""

from adapters.http.asgi import AsgiApp, Receive, Scope, Send
from adapters.http.fhir_response import send_refusal
from adapters.http.transport_refusals import UNAVAILABLE


class ConcurrencyLimit:
    """ASGI middleware that refuses at once what is beyond the bound, so that no queue grows.

    It bounds the operations under /fhir of one process; probes are always answered.
    """

    def __init__(self, app: AsgiApp, limit: int) -> None:
        """Let `limit` requests into `app` at once."""
        self._app = app
        self._free = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if there is room."""
        if scope["type"] != "http" or not scope["path"].startswith("/fhir"):
            await self._app(scope, receive, send)
            return
        if self._free == 0:
            await send_refusal(send, UNAVAILABLE)
            return
        self._free -= 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._free += 1
