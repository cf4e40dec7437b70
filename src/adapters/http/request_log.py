"""Logs one line for each HTTP request, and gives each request an id."""

from http import HTTPMethod
from logging import Logger
from typing import Any, cast

from litestar import Request

from adapters.http.bodies import AsgiApp, Message, Receive, Scope, Send
from adapters.serving.request_log import REQUEST_ID, LogLine, Observe, logged_as, request_id

_LINE = "invitation_tokens.log_line"
_METHODS = frozenset(HTTPMethod)


def request_id_of(request: Request[Any, Any, Any]) -> str:
    """Return the id of a request: the caller's X-Request-Id, or else a new one."""
    return _line_of(request).request_id


def note(request: Request[Any, Any, Any], **fields: object) -> None:
    """Add fields to the log line of a request. Never add patient identifiers, codes or tokens."""
    _line_of(request).note(**fields)


def note_in(scope: Scope, **fields: object) -> None:
    """Add fields where only the ASGI scope is known."""
    line: LogLine = scope[_LINE]
    line.note(**fields)


def _line_of(request: Request[Any, Any, Any]) -> LogLine:
    return cast("LogLine", cast("Scope", request.scope)[_LINE])


class RequestLog:
    """ASGI middleware outside the framework, so that its refusals are logged too."""

    def __init__(self, app: AsgiApp, logger: Logger, observe: Observe) -> None:
        """`logger` gets one record a request, with the fields as extra. `observe` gets the same fields."""
        self._app = app
        self._logger = logger
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, add its id to the answer, and log it at the end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        line = LogLine(self._logger, "request", request_id(_offered_ids(scope)), self._observe)
        scope[_LINE] = line

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                line.note(status=message["status"])
                own = (REQUEST_ID.encode(), line.request_id.encode())
                message["headers"] = [*message["headers"], own]
            await send(message)

        with logged_as(line.request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                # an unknown method may contain anything
                method = scope["method"] if scope["method"] in _METHODS else "other"
                line.note(method=method, route=scope.get("path_template", ""))
                line.write()


def _offered_ids(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == REQUEST_ID.encode()]
