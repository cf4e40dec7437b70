"""Refusing a request: the answer, and what the log is told of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request, Response

from adapters.http.access_refusals import access_refusal
from adapters.http.fhir_response import refusal_response
from adapters.http.refusal import Refusal
from adapters.http.request_log import note
from application.authorise_caller import (
    AccessRefused,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)

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
