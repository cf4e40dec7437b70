"""What every operation does with a call: authorise the caller, then read the patient identifiers."""

from typing import Any

from litestar import Request, Response
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import OperationDeclaration
from adapters.http.bodies import received_body
from adapters.http.formats import check_media_types, combined
from adapters.http.portal_calls import PortalCalls
from adapters.http.protocol_refusals import RequestRefused, request_refusal
from adapters.http.request_log import note
from adapters.http.responses import refuse, refuse_access
from adapters.http.status_codes import AUTHORISATION_HEADER, ORGANISATION_HEADER
from adapters.serving.calls import access_request, caller_fields
from application.audit_recorder import AuditRecorder
from application.authorise_caller import AuthoriseCaller
from application.claim_invitation import ClaimInvitation
from application.confirm_registration import ConfirmRegistration
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.query_patient_status import QueryPatientStatus
from domain.access import AuthorisedCaller
from domain.audit import Outcome
from domain.identifiers import RequestedIdentifier
from domain.results import failed


class OperationCalls:
    """Authorises callers, before the body is read, and reads the patient identifiers that they send."""

    def __init__(self, authorise_caller: AuthoriseCaller, record: AuditRecorder) -> None:
        """Authorise callers with the use case, and put requests on record that cannot be read."""
        self._authorise_caller = authorise_caller
        self._record = record

    async def read(
        self, request: Request[Any, Any, Any], operation: OperationDeclaration
    ) -> Result[tuple[AuthorisedCaller, list[RequestedIdentifier]], Response[bytes]]:
        """Return the caller and the identifiers, or the answer that refuses them. Raises `Unavailable`."""
        # a header that is sent more than once makes one malformed value
        access = access_request(
            combined(request.headers, AUTHORISATION_HEADER), combined(request.headers, ORGANISATION_HEADER)
        )
        authorised = await self._authorise_caller(operation.code, access)
        if failed(authorised):
            return Failure(refuse_access(request, authorised.failure()))
        caller = authorised.unwrap()
        note(request, **caller_fields(caller))
        identifiers = await _identifiers(request, operation)
        if failed(identifiers):
            return Failure(await self.refuse(request, caller, identifiers.failure()))
        note(request, asked=len(identifiers.unwrap()))
        return Success((caller, identifiers.unwrap()))

    async def refuse(
        self, request: Request[Any, Any, Any], caller: AuthorisedCaller, refused: RequestRefused
    ) -> Response[bytes]:
        """Refuse a request that cannot be read, and put that on record. Raises `Unavailable`."""
        await self._record.refused(caller, Outcome.REQUEST_NOT_UNDERSTOOD)
        return refuse(request, refused, request_refusal(refused))


async def _identifiers(
    request: Request[Any, Any, Any], operation: OperationDeclaration
) -> Result[list[RequestedIdentifier], RequestRefused]:
    wire_format = check_media_types(request)
    if failed(wire_format):
        return Failure(wire_format.failure())
    body = await received_body(request)
    if failed(body):
        return Failure(body.failure())
    identifiers = read_patient_identifiers(body.unwrap(), wire_format.unwrap(), operation)
    return identifiers.alt(lambda refused: refused)


class HttpOperations(Struct, frozen=True):
    """What the routes of the operations need; `base_url` is that of the service."""

    calls: OperationCalls
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    base_url: str
    portal_calls: PortalCalls
    claim: ClaimInvitation
    confirm: ConfirmRegistration
