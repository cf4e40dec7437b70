"""Answers in FHIR, in the format that the caller asks for."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Headers
from msgspec import Struct

from adapters.fhir.wire_format import write_resource
from adapters.http.asgi import Scope, Send
from adapters.http.content_negotiation import answer_format
from adapters.http.media_types import CONTENT_TYPES
from adapters.http.refusal import Refusal

# whether tokens are in it or why there are none: no cache may keep it
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept"}


def fhir_response(
    request: Request[Any, Any, Any], resource: Struct, headers: Mapping[str, str] = {}
) -> Response[bytes]:
    """Answer 200 with a resource."""
    wire_format = answer_format(request.headers, request.scope["query_string"])
    return Response(
        write_resource(resource, wire_format),
        status_code=200,
        media_type=CONTENT_TYPES[wire_format],
        headers={**_HEADERS, **headers},
    )


def refusal_response(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """Answer with a refusal."""
    wire_format = answer_format(request.headers, request.scope["query_string"])
    return Response(
        write_resource(refusal.outcome(), wire_format),
        status_code=refusal.status,
        media_type=CONTENT_TYPES[wire_format],
        headers={**_HEADERS, **refusal.headers},
    )


async def send_refusal(scope: Scope, send: Send, refusal: Refusal) -> None:
    """Answer with a refusal where there is no framework around."""
    wire_format = answer_format(Headers(scope["headers"]), scope["query_string"])
    headers = {"Content-Type": CONTENT_TYPES[wire_format], **_HEADERS, **refusal.headers}
    await send(
        {
            "type": "http.response.start",
            "status": refusal.status,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
    )
    body = write_resource(refusal.outcome(), wire_format)
    await send({"type": "http.response.body", "body": body, "more_body": False})
