"""Refusing a request: the answer, and what the log is told of it."""

from typing import Any

from litestar import Request, Response

from adapters.http.access_refusals import access_refusal
from adapters.http.fhir_response import refusal_response
from adapters.http.request_log import note
from adapters.http.request_refusals import RequestRefused, request_refusal
from application.authorise_caller import (
    AccessRefused,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)


def refuse_access(request: Request[Any, Any, Any], refused: AccessRefused) -> Response[bytes]:
    """Refuse to let a caller in; who is known by then is logged."""
    note(request, refusal=type(refused).__name__)
    match refused:
        case (
            ScopeMissing(caller=caller)
            | OrganisationMissing(caller=caller)
            | OrganisationMalformed(caller=caller)
            | OrganisationForbidden(caller=caller)
        ):
            note(request, caller=caller.client_id)
        case _:
            pass
    return refusal_response(access_refusal(refused))


def refuse_request(request: Request[Any, Any, Any], refused: RequestRefused) -> Response[bytes]:
    """Refuse to carry out a request."""
    note(request, refusal=type(refused).__name__)
    return refusal_response(request_refusal(refused))
