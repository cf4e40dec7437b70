"""What every operation does with a call: authorise the caller, then read what it sends."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from litestar import Request, Response
from msgspec import Struct
from returns.result import Failure, Result, Success

from adapters.fhir.identifiers import read_patient_identifiers
from adapters.fhir.operation_declaration import OperationDeclaration
from adapters.fhir.parameters import BodyRefused
from adapters.fhir.wire_format import WireFormat
from adapters.http.bodies import received_body
from adapters.http.formats import check_media_types, combined
from adapters.http.protocol_refusals import RequestRefused, request_refusal
from adapters.http.request_log import note
from adapters.http.responses import refuse, refuse_access
from adapters.http.status_codes import AUTHORISATION_HEADER, ORGANISATION_HEADER
from adapters.serving.calls import bearer_token, caller_fields
from application.audit_recorder import AuditRecorder
from application.authorisation import AccessRefused
from application.authorise_caller import AccessRequest, AuthoriseCaller
from application.authorise_portal import AuthorisePortal
from application.claim_invitation import ClaimInvitation
from application.confirm_registration import ConfirmRegistration
from application.generate_invitation_tokens.use_case import GenerateInvitationTokens
from application.query_invitation_status import QueryInvitationStatus
from application.query_patient_status import QueryPatientStatus
from application.revoke_invitations import RevokeInvitations
from domain.access import AuthorisedCaller, AuthorisedPortal
from domain.audit import Outcome
from domain.identifiers import RequestedIdentifier
from domain.results import failed

T = TypeVar("T")
A = TypeVar("A", AuthorisedCaller, AuthorisedPortal)

ReadBody: TypeAlias = Callable[[bytes, WireFormat], Result[T, BodyRefused]]
"""Reads the body of an operation."""


class OperationCalls:
    """Authorises callers and portals, before the body is read, and reads what they send."""

    def __init__(
        self, authorise_caller: AuthoriseCaller, authorise_portal: AuthorisePortal, record: AuditRecorder
    ) -> None:
        """Authorise with the use cases, and put requests on record that cannot be read."""
        self._authorise_caller = authorise_caller
        self._authorise_portal = authorise_portal
        self._record = record

    async def read(
        self, request: Request[Any, Any, Any], operation: OperationDeclaration
    ) -> Result[tuple[AuthorisedCaller, list[RequestedIdentifier]], Response[bytes]]:
        """Return the caller and the identifiers, or the answer that refuses them. Raises `Unavailable`."""
        read = await self.read_from_caller(
            request,
            operation,
            lambda body, wire_format: read_patient_identifiers(body, wire_format, operation),
        )
        if not failed(read):
            note(request, asked=len(read.unwrap()[1]))
        return read

    async def read_from_caller(
        self, request: Request[Any, Any, Any], operation: OperationDeclaration, read_body: ReadBody[T]
    ) -> Result[tuple[AuthorisedCaller, T], Response[bytes]]:
        """Return the caller and what the body says, or the answer that refuses them. Raises `Unavailable`."""
        # a header that is sent more than once makes one malformed value
        organisation = combined(request.headers, ORGANISATION_HEADER)
        access = AccessRequest(_access_token(request), organisation)
        authorised = await self._authorise_caller(operation.code, access)
        return await self._read_body(request, authorised, read_body)

    async def read_from_portal(
        self, request: Request[Any, Any, Any], operation: OperationDeclaration, read_body: ReadBody[T]
    ) -> Result[tuple[AuthorisedPortal, T], Response[bytes]]:
        """Return the portal and what the body says, or the answer that refuses them. Raises `Unavailable`."""
        authorised = await self._authorise_portal(operation.code, _access_token(request))
        return await self._read_body(request, authorised, read_body)

    async def _read_body(
        self, request: Request[Any, Any, Any], authorised: Result[A, AccessRefused], read_body: ReadBody[T]
    ) -> Result[tuple[A, T], Response[bytes]]:
        if failed(authorised):
            return Failure(refuse_access(request, authorised.failure()))
        caller = authorised.unwrap()
        note(request, **caller_fields(caller))
        content = await _content(request, read_body)
        if failed(content):
            return Failure(await self.refuse(request, caller, content.failure()))
        return Success((caller, content.unwrap()))

    async def refuse(
        self,
        request: Request[Any, Any, Any],
        caller: AuthorisedCaller | AuthorisedPortal,
        refused: RequestRefused,
    ) -> Response[bytes]:
        """Refuse a request that cannot be read, and put that on record. Raises `Unavailable`."""
        await self._record.refused(caller, Outcome.REQUEST_NOT_UNDERSTOOD)
        return refuse(request, refused, request_refusal(refused))


def _access_token(request: Request[Any, Any, Any]) -> str | None:
    return bearer_token(combined(request.headers, AUTHORISATION_HEADER))


async def _content(request: Request[Any, Any, Any], read_body: ReadBody[T]) -> Result[T, RequestRefused]:
    wire_format = check_media_types(request)
    if failed(wire_format):
        return Failure(wire_format.failure())
    body = await received_body(request)
    if failed(body):
        return Failure(body.failure())
    return read_body(body.unwrap(), wire_format.unwrap()).alt(lambda refused: refused)


class HttpOperations(Struct, frozen=True):
    """What the routes of the operations need; `base_url` is that of the service."""

    calls: OperationCalls
    generate: GenerateInvitationTokens
    query_status: QueryPatientStatus
    query_invitation_status: QueryInvitationStatus
    revoke: RevokeInvitations
    base_url: str
    claim: ClaimInvitation
    confirm: ConfirmRegistration
