"""The route of the operation revoke-invitations."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from adapters.fhir.invitation_answers import invitations_revoked
from adapters.fhir.invitation_operations import REVOKE_INVITATIONS
from adapters.fhir.invitation_requests import read_revocation_request
from adapters.http.calls import HttpOperations
from adapters.http.request_log import note
from adapters.http.responses import fhir_response, refuse
from adapters.http.status_codes import http_refusal
from adapters.serving.calls import revocation_fields
from adapters.serving.refusals import invited_refusal
from application.revoke_invitations import RevokeCommand
from domain.results import failed


@post(REVOKE_INVITATIONS.path, status_code=200)
async def revoke_invitations(
    request: Request[Any, Any, Any],
    operations: NamedDependency[SkipValidation[HttpOperations]],
) -> Response[bytes]:
    """Revoke the invitations that an authorised caller names."""
    call = await operations.calls.read_from_caller(request, REVOKE_INVITATIONS, read_revocation_request)
    if failed(call):
        refusal: Response[bytes] = call.failure()
        return refusal
    authorised, asked = call.unwrap()
    revoked = await operations.revoke(RevokeCommand(authorised, asked.named, asked.reason))
    if failed(revoked):
        return refuse(request, revoked.failure(), http_refusal(invited_refusal(revoked.failure())))
    note(request, **revocation_fields(revoked.unwrap()))
    return fhir_response(request, invitations_revoked(revoked.unwrap()))
