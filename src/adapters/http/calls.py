"""How a call on an operation comes in, whichever it is."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Headers
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operations import OperationDeclaration
from adapters.http.bodies import received_body
from adapters.http.formats import check_media_types, combined
from adapters.http.refusals.access import ORGANISATION_HEADER
from adapters.http.refusals.requests import RequestRefused, request_refusal
from adapters.http.request_log import note
from adapters.http.responses import refuse, refuse_access
from application.audit_recorder import AuditRecorder
from application.authorise_caller import AccessRequest, AuthoriseCaller
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.query_patient_status import QueryPatientStatus
from domain.access import AuthorisedCaller
from domain.audit import Outcome
from domain.identifiers import RequestedIdentifier


def access_request(headers: Headers) -> AccessRequest:
    """Read access token and organisation; a header sent more than once makes one malformed value."""
    return AccessRequest(
        _bearer_token(combined(headers, "Authorization")), combined(headers, ORGANISATION_HEADER)
    )


def _bearer_token(authorization: str | None) -> str | None:
    """Give what follows the scheme Bearer.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _space, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class OperationCalls:
    """Authorises callers, before the body is read, and reads the patient identifiers that they send."""

    def __init__(self, authorise_caller: AuthoriseCaller, record: AuditRecorder) -> None:
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


class HttpOperations(Struct, frozen=True):
    """How calls on the operations come in, and what carries them out; `base_url` is that of the service."""

    calls: OperationCalls
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    base_url: str
