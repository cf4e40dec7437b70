"""How a call on an operation comes in, whichever it is."""

from typing import Any

from litestar import Request, Response
from returns.result import Failure, Result, Success

from adapters.fhir.operation import OperationDeclaration
from adapters.fhir.patient_identifiers import read_patient_identifiers
from adapters.http.access_request import access_request
from adapters.http.content_negotiation import check_media_types
from adapters.http.received_body import received_body
from adapters.http.refuse import refuse, refuse_access
from adapters.http.request_log import note
from adapters.http.request_refusals import RequestRefused, request_refusal
from application.authorise_caller import AuthoriseCaller
from application.record_call import RecordCall
from domain.audit_event import Outcome
from domain.caller import AuthorisedCaller
from domain.requested_identifiers import RequestedIdentifier


class OperationCalls:
    """Authorises callers, before the body is read, and reads the patient identifiers that they send."""

    def __init__(self, authorise_caller: AuthoriseCaller, record: RecordCall) -> None:
        """Take the use case, and what puts on record a request that cannot be read."""
        self._authorise_caller = authorise_caller
        self._record = record

    async def read(
        self, request: Request[Any, Any, Any], operation: OperationDeclaration
    ) -> Result[tuple[AuthorisedCaller, list[RequestedIdentifier]], Response[bytes]]:
        """Return who asks for whom, or the answer that refuses the call. Raises `Unavailable`."""
        authorised = await self._authorise_caller(operation.code, access_request(request.headers))
        if isinstance(authorised, Failure):
            return Failure(refuse_access(request, authorised.failure()))
        caller = authorised.unwrap()
        note(request, caller=caller.caller.client_id, organisation=str(caller.organisation_id))

        identifiers = await _identifiers(request, operation)
        if isinstance(identifiers, Failure):
            return Failure(await self.refuse(request, caller, identifiers.failure()))
        note(request, asked=len(identifiers.unwrap()))
        return Success((caller, identifiers.unwrap()))

    async def refuse(
        self, request: Request[Any, Any, Any], caller: AuthorisedCaller, refused: RequestRefused
    ) -> Response[bytes]:
        """Put on record, and answer, that a request is not understood. Raises `Unavailable`."""
        await self._record.refused(caller, Outcome.REQUEST_NOT_UNDERSTOOD)
        return refuse(request, refused, request_refusal)


async def _identifiers(
    request: Request[Any, Any, Any], operation: OperationDeclaration
) -> Result[list[RequestedIdentifier], RequestRefused]:
    wire_format = check_media_types(request)
    if isinstance(wire_format, Failure):
        return Failure(wire_format.failure())
    body = await received_body(request)
    if isinstance(body, Failure):
        return Failure(body.failure())
    identifiers = read_patient_identifiers(body.unwrap(), wire_format.unwrap(), operation)
    return identifiers.alt(lambda refused: refused)
