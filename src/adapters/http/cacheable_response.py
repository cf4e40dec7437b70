"""Answers that are public and change with a release: a caller may keep them, and ask whether they changed.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-13
"""

import re
from hashlib import sha256
from typing import Any

from litestar import Request, Response
from litestar.enums import HttpMethod
from msgspec import Struct
from returns.result import Failure

from adapters.fhir.wire_format import write_resource
from adapters.http.content_negotiation import check_acceptable
from adapters.http.headers import combined
from adapters.http.media_types import CONTENT_TYPES
from adapters.http.refuse import refuse
from adapters.http.request_refusals import media_type_refusal

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
