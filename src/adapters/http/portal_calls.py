"""What the operations of portals do with a call: authorise the portal, then read what it sends."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from litestar import Request, Response
from returns.result import Failure, Result, Success

from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.parameters import BodyRefused
from adapters.fhir.wire_format import WireFormat
from adapters.http.bodies import received_body
from adapters.http.formats import check_media_types, combined
from adapters.http.protocol_refusals import RequestRefused, request_refusal
from adapters.http.request_log import note
from adapters.http.responses import refusal_response, refuse
from adapters.http.status_codes import AUTHORISATION_HEADER, http_refusal
from adapters.serving.calls import access_request, refused_portal_fields
from adapters.serving.redemption_refusals import portal_refusal
from application.audit_recorder import AuditRecorder
from application.authorise_portal import AuthorisePortal
from domain.access import AuthorisedPortal
from domain.audit import Outcome
from domain.results import failed

T = TypeVar("T")

Read: TypeAlias = Callable[[bytes, WireFormat], Result[T, BodyRefused]]
"""Reads a body."""


class PortalCalls:
    """Authorises portals, before the body is read, and reads what they send."""

    def __init__(self, authorise_portal: AuthorisePortal, record: AuditRecorder) -> None:
        """Authorise portals with the use case, and put requests on record that cannot be read."""
        self._authorise_portal = authorise_portal
        self._record = record

    async def read(
        self, request: Request[Any, Any, Any], operation: OperationDeclaration, read: Read[T]
    ) -> Result[tuple[AuthorisedPortal, T], Response[bytes]]:
        """Return the portal and what it sent, or the answer that refuses it. Raises `Unavailable`."""
        access = access_request(combined(request.headers, AUTHORISATION_HEADER), None)
        authorised = await self._authorise_portal(operation.code, access.access_token)
        if failed(authorised):
            refused = authorised.failure()
            note(request, **refused_portal_fields(refused))
            return Failure(refusal_response(request, http_refusal(portal_refusal(refused))))
        portal = authorised.unwrap()
        note(request, caller=portal.caller.client_id)
        sent = await _sent(request, read)
        if failed(sent):
            await self._record.turned_away(operation.code, Outcome.REQUEST_NOT_UNDERSTOOD, portal.caller)
            return Failure(refuse(request, sent.failure(), request_refusal(sent.failure())))
        return Success((portal, sent.unwrap()))


async def _sent(request: Request[Any, Any, Any], read: Read[T]) -> Result[T, RequestRefused]:
    wire_format = check_media_types(request)
    if failed(wire_format):
        return Failure(wire_format.failure())
    body = await received_body(request)
    if failed(body):
        return Failure(body.failure())
    return read(body.unwrap(), wire_format.unwrap()).alt(lambda refused: refused)
