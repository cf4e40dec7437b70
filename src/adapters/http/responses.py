"""Answers in FHIR, in the format that the caller asks for.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from logging import getLogger
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.datastructures import Headers
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from msgspec import Struct
from returns.result import Failure

from adapters.fhir.wire_format import write_resource
from adapters.http.bodies import Scope, Send
from adapters.http.formats import CONTENT_TYPES, answer_format, check_acceptable, combined
from adapters.http.refusals.access import access_refusal
from adapters.http.refusals.refusal import Refusal
from adapters.http.refusals.requests import media_type_refusal
from adapters.http.refusals.transport import (
    BAD_REQUEST,
    UNAVAILABLE,
    method_not_allowed,
    nothing_at,
    unexpected,
)
from adapters.http.request_log import note, request_id_of
from adapters.serving.request_log import describe
from application.authorise_caller import (
    AccessRefused,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.ports.system import Unavailable

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


Refused = TypeVar("Refused")


def refuse(
    request: Request[Any, Any, Any], refused: Refused, table: Callable[[Refused], Refusal]
) -> Response[bytes]:
    """Refuse a request as the error table says."""
    note(request, refusal=type(refused).__name__)
    return refusal_response(request, table(refused))


def refuse_access(request: Request[Any, Any, Any], refused: AccessRefused) -> Response[bytes]:
    """Refuse to let a caller in; who is known by then is logged."""
    match refused:
        case (
            ScopeMissing(caller=caller)
            | OrganisationMissing(caller=caller)
            | OrganisationMalformed(caller=caller)
            | OrganisationForbidden(caller=caller)
        ):
            note(request, caller=caller.client_id)
        case CallsThrottled(authorised=authorised):
            note(request, caller=authorised.caller.client_id, organisation=str(authorised.organisation_id))
        case _:
            pass
    return refuse(request, refused, access_refusal)


_logger = getLogger("invitations.http")


def refuse_raised(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """Answer for an exception, telling nothing of it but what kind of trouble it is."""
    note(request, refusal=type(raised).__name__)
    return refusal_response(request, _refusal(request, raised))


def _refusal(request: Request[Any, Any, Any], raised: Exception) -> Refusal:
    match raised:
        case Unavailable():
            note(request, cause=str(raised))
            return UNAVAILABLE
        case HTTPException(status_code=HTTPStatus.NOT_FOUND):
            return nothing_at(request.scope["path"])
        case HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers=headers):
            return method_not_allowed(sorted((headers or {})["allow"].split(", ")))
        case HTTPException(status_code=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return BAD_REQUEST
        case _:
            _logger.error("bug", extra=describe(raised))
            return unexpected(request_id_of(request))


_FRESH_SECONDS = 60
"""Long enough to spare a busy client questions, short enough for what an outage of the issuer leaves out."""

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*+")')


def resource_response(request: Request[Any, Any, Any], resource: Struct) -> Response[bytes]:
    """Answer with a resource, in the format that the caller asks for."""
    accepted = check_acceptable(request)
    if isinstance(accepted, Failure):
        return refuse(request, accepted.failure(), media_type_refusal)
    wire_format = accepted.unwrap()
    return cacheable_response(request, write_resource(resource, wire_format), CONTENT_TYPES[wire_format])


def cacheable_response(request: Request[Any, Any, Any], body: bytes, media_type: str) -> Response[bytes]:
    """Answer with a body, or with nothing where the caller has it already or asks for its head alone."""
    entity_tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": entity_tag,
        "Cache-Control": f"public, max-age={_FRESH_SECONDS}",
        "Vary": "Accept",
    }
    if _has_already(combined(request.headers, "If-None-Match"), entity_tag):
        return Response(b"", status_code=304, headers=headers)
    if request.method == HttpMethod.HEAD:
        headers["Content-Length"] = str(len(body))
        body = b""
    return Response(body, status_code=200, media_type=media_type, headers=headers)


def _has_already(if_none_match: str | None, entity_tag: str) -> bool:
    """Compare weakly: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 ."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or entity_tag in _ENTITY_TAG.findall(if_none_match)
