"""One line in the log for each request, and the id by which it is spoken of."""

import re
from http import HTTPMethod
from logging import Logger
from time import perf_counter
from typing import Any, cast
from uuid import uuid4

from litestar import Request

from adapters.http.asgi import AsgiApp, Message, Receive, Scope, Send

_FIELDS = "invitation_tokens.log_fields"
_REQUEST_ID = "invitation_tokens.request_id"
_METHODS = frozenset(HTTPMethod)
# ten digits may be a national identifier
_USABLE_ID = re.compile(rb"(?![0-9]{10}$)[A-Za-z0-9._-]{1,64}")


def request_id_of(request: Request[Any, Any, Any]) -> str:
    """Give the id of a request: the caller's X-Request-Id, else one of ours."""
    return str(cast("Scope", request.scope)[_REQUEST_ID])


def note(request: Request[Any, Any, Any], **fields: object) -> None:
    """Add fields to the line about a request; never patient identifiers, codes or tokens."""
    cast("Scope", request.scope)[_FIELDS].update(fields)


class RequestLog:
    """ASGI middleware around everything else: what the framework refuses is logged too."""

    def __init__(self, app: AsgiApp, logger: Logger) -> None:
        """`logger` gets one record a request, its fields as extra."""
        self._app = app
        self._logger = logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, answer with its id, and log it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = perf_counter()
        request_id = _request_id(scope)
        fields: dict[str, object] = {"status": None}
        scope.update({_REQUEST_ID: request_id, _FIELDS: fields})

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                fields["status"] = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            self._logger.info(
                "request",
                extra={
                    "request_id": request_id,
                    # what is not one of HTTP's own, or is served by nobody, may hold anything
                    "method": scope["method"] if scope["method"] in _METHODS else "other",
                    "route": scope.get("path_template", ""),
                    "duration_ms": round((perf_counter() - start) * 1000, 1),
                    **fields,
                },
            )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _USABLE_ID.fullmatch(value):
            return bytes(value).decode()
    return str(uuid4())
