"""A bound on the time that a caller may take to send a body."""

import asyncio

from adapters.http.asgi import AsgiApp, Message, Receive, Scope, Send


class BodyNotReceivedError(Exception):
    """The deadline passed before the whole body was there."""


class CallerGoneError(Exception):
    """The caller hung up before the whole body was there."""


class BodyDeadline:
    """ASGI middleware that gives a body a number of seconds to arrive, counted from its first read."""

    def __init__(self, app: AsgiApp, seconds: float) -> None:
        """Bound the bodies that `app` reads."""
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; reading its body raises BodyNotReceivedError or CallerGoneError."""
        await self._app(scope, self._bounded(receive) if scope["type"] == "http" else receive, send)

    def _bounded(self, receive: Receive) -> Receive:
        deadline: float | None = None
        complete = False

        async def bounded() -> Message:
            nonlocal deadline, complete
            if complete:
                return await receive()
            deadline = deadline or asyncio.get_running_loop().time() + self._seconds
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyNotReceivedError from None
            if message["type"] == "http.disconnect":
                raise CallerGoneError
            complete = not message.get("more_body", False)
            return message

        return bounded
