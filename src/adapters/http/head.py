"""Answers HEAD wherever GET is answered.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2
"""

from http import HTTPMethod

from adapters.http.bodies import AsgiApp, Message, Receive, Scope, Send


class HeadAsGet:
    """ASGI middleware that passes HEAD on as GET, and sends the head of the answer without its body."""

    def __init__(self, app: AsgiApp) -> None:
        """Pass requests to `app`, which need not know HEAD."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != HTTPMethod.HEAD:
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # the scope is shared with the log, which reads the route from it: so no copy of it
        scope["method"] = HTTPMethod.GET.value
        try:
            await self._app(scope, receive, send_head)
        finally:
            scope["method"] = HTTPMethod.HEAD.value
