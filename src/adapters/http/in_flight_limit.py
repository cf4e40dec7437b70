"""A bound on the requests in work at once."""

from adapters.http.bodies import AsgiApp, Message, Receive, Scope, Send
from adapters.http.refusals.transport import UNAVAILABLE
from adapters.http.request_log import note_in
from adapters.http.responses import send_refusal
from adapters.serving.in_flight_limit import NO_PLACE_FREE, InFlightLimit

_PROBES = frozenset({"/health/live", "/health/ready", "/metrics"})


class ConcurrencyLimit:
    """ASGI middleware that refuses at once what is beyond the bound, so that no queue grows.

    Probes are always answered, and who collects metrics. A request that waits for its body is not in work.
    """

    def __init__(self, app: AsgiApp, places: InFlightLimit) -> None:
        """Let into `app` as many requests at once as there are places."""
        self._app = app
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if there is room."""
        if scope["type"] != "http" or scope["path"] in _PROBES:
            await self._app(scope, receive, send)
            return
        if self._places.all_taken:
            note_in(scope, refusal=NO_PLACE_FREE)
            await send_refusal(scope, send, UNAVAILABLE)
            return

        async def receive_without_place() -> Message:
            with self._places.lent():
                return await receive()

        with self._places.taken():
            await self._app(scope, receive_without_place, send)
