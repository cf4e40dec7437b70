"""What was raised, turned into a refusal: by the framework, by infrastructure that is down, by a bug."""

from http import HTTPStatus
from logging import getLogger
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from adapters.door.log_line import describe
from adapters.http.fhir_response import refusal_response
from adapters.http.path_refusals import nothing_at
from adapters.http.refusal import Refusal
from adapters.http.request_log import note, request_id_of
from adapters.http.transport_refusals import (
    BAD_REQUEST,
    UNAVAILABLE,
    method_not_allowed,
    unexpected,
)
from application.ports.unavailable import Unavailable

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
