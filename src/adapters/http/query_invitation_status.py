"""The route of the operation invitation-status."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from adapters.fhir.invitation_answers import invitation_statuses
from adapters.fhir.invitation_operations import INVITATION_STATUS
from adapters.fhir.invitation_requests import read_status_request
from adapters.http.calls import HttpOperations
from adapters.http.request_log import note
from adapters.http.responses import fhir_response, refuse
from adapters.http.status_codes import http_refusal
from adapters.serving.refusals import invited_refusal
from application.query_invitation_status import InvitationStatusQuery
from domain.results import failed


@post(INVITATION_STATUS.path, status_code=200)
async def query_invitation_status(
    request: Request[Any, Any, Any],
    operations: NamedDependency[SkipValidation[HttpOperations]],
) -> Response[bytes]:
    """Answer with the status of the invitations that an authorised caller asks for."""
    call = await operations.calls.read_from_caller(request, INVITATION_STATUS, read_status_request)
    if failed(call):
        refusal: Response[bytes] = call.failure()
        return refusal
    authorised, named = call.unwrap()
    answered = await operations.query_invitation_status(InvitationStatusQuery(authorised, named))
    if failed(answered):
        return refuse(request, answered.failure(), http_refusal(invited_refusal(answered.failure())))
    statuses = answered.unwrap()
    note(request, audit_id=str(statuses.request_id), asked=len(statuses.statuses))
    return fhir_response(request, invitation_statuses(statuses))
