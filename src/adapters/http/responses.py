"""Answers in FHIR, in the format that the caller asks for.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from logging import getLogger
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.exceptions import HTTPException
from msgspec import Struct

from adapters.fhir.wire_format import write_resource
from adapters.http.bodies import Scope, Send
from adapters.http.formats import CONTENT_TYPES, answer_format, check_acceptable, combined
from adapters.http.protocol_refusals import (
    BAD_REQUEST,
    media_type_refusal,
    method_not_allowed,
    nothing_at,
)
from adapters.http.request_log import note, request_id_of
from adapters.http.status_codes import Refusal, http_refusal
from adapters.serving.access_refusals import access_refusal
from adapters.serving.calls import refused_caller_fields
from adapters.serving.refusals import UNAVAILABLE, unexpected_refusal
from adapters.serving.request_log import describe
from application.authorisation import AccessRefused
from application.ports.system import Unavailable
from domain.results import failed

_logger = getLogger("invitations.http")

PUBLIC_ROOT = "public_root"
"""The item in the state of the application that says where callers find what it answers under /fhir."""

# no cache may keep an answer, whether it has tokens or not
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
    """Answer with a refusal from outside the framework."""
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


def refuse(request: Request[Any, Any, Any], refused: object, refusal: Refusal) -> Response[bytes]:
    """Answer with a refusal, and log what was refused."""
    note(request, refusal=type(refused).__name__)
    return refusal_response(request, refusal)


def refuse_access(request: Request[Any, Any, Any], refused: AccessRefused) -> Response[bytes]:
    """Refuse a caller, and log which one, as far as it is known by then."""
    note(request, **refused_caller_fields(refused))
    return refusal_response(request, http_refusal(access_refusal(refused)))


def refuse_raised(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer for an exception; its text stays out of the answer."""
    return refuse(request, raised, refusal_of(request, raised))


def refusal_of(request: Request[Any, Any, Any], raised: Exception) -> Refusal:
    """Give the refusal for an exception, and log what only the operator may read."""
    match raised:
        case Unavailable():
            note(request, cause=str(raised))
            return http_refusal(UNAVAILABLE)
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return nothing_at(request.scope["path"], request.app.state[PUBLIC_ROOT])
        case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers=headers):
            return method_not_allowed((headers or {})["allow"].split(", "))
        case HTTPException(status_code=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return BAD_REQUEST
        case _:
            _logger.error("bug", extra=describe(raised))
            return http_refusal(unexpected_refusal(request_id_of(request)))


_FRESH_SECONDS = 60
"""Long enough to spare a busy client requests, short enough for what is missing while the issuer is down."""

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*+")')


def resource_response(request: Request[Any, Any, Any], resource: Struct) -> Response[bytes]:
    """Answer with a resource, in the format that the caller asks for."""
    accepted = check_acceptable(request)
    if failed(accepted):
        return refuse(request, accepted.failure(), media_type_refusal(accepted.failure()))
    wire_format = accepted.unwrap()
    return cacheable_response(request, write_resource(resource, wire_format), CONTENT_TYPES[wire_format])


def cacheable_response(request: Request[Any, Any, Any], body: bytes, media_type: str) -> Response[bytes]:
    """Answer with a body, or without one if the caller has it already."""
    entity_tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": entity_tag,
        "Cache-Control": f"public, max-age={_FRESH_SECONDS}",
        "Vary": "Accept",
    }
    if _has_already(combined(request.headers, "If-None-Match"), entity_tag):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, status_code=200, media_type=media_type, headers=headers)


def _has_already(if_none_match: str | None, entity_tag: str) -> bool:
    """Compare weakly: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 ."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or entity_tag in _ENTITY_TAG.findall(if_none_match)
