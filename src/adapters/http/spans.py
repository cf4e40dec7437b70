"""Traces each HTTP request as a span.

Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
"""

from http import HTTPMethod, HTTPStatus

from opentelemetry.semconv.attributes.http_attributes import (
    HTTP_REQUEST_METHOD,
    HTTP_RESPONSE_STATUS_CODE,
    HTTP_ROUTE,
)
from opentelemetry.semconv.attributes.network_attributes import NETWORK_PROTOCOL_VERSION
from opentelemetry.semconv.attributes.url_attributes import URL_SCHEME
from opentelemetry.trace import Span

from adapters.http.bodies import AsgiApp, Message, Receive, Scope, Send
from adapters.serving.spans import TRACEPARENT, ServerSpans, note_failure

_METHODS = frozenset(HTTPMethod)
_NOT_TRACED = frozenset({"/health/live", "/health/ready", "/metrics"})


class HttpSpans:
    """The outermost ASGI middleware. Probes and metrics have no span.

    A span holds the method and the route. It does not hold the path, which may contain a patient's number.
    """

    def __init__(self, app: AsgiApp, spans: ServerSpans) -> None:
        """Put a span around each request to `app`."""
        self._app = app
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["path"] in _NOT_TRACED:
            await self._app(scope, receive, send)
            return
        is_known = scope["method"] in _METHODS
        name = scope["method"] if is_known else "HTTP"
        attributes = {
            HTTP_REQUEST_METHOD: scope["method"] if is_known else "_OTHER",
            URL_SCHEME: scope["scheme"],
            NETWORK_PROTOCOL_VERSION: scope["http_version"],
        }
        with self._spans.of_call(name, attributes, _traceparents(scope)) as span:

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note_status(span, message["status"])
                await send(message)

            try:
                await self._app(scope, receive, send_noted)
            finally:
                # the route is known after the framework has handled the request
                if route := scope.get("path_template"):
                    span.update_name(f"{name} {route}")
                    span.set_attribute(HTTP_ROUTE, route)


def _note_status(span: Span, status: int) -> None:
    span.set_attribute(HTTP_RESPONSE_STATUS_CODE, status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        note_failure(span, str(status))


def _traceparents(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == TRACEPARENT.encode()]
