"""The routes of the operations claim-invitation and confirm-registration."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from adapters.fhir.redemption import (
    confirmed_registration,
    issued_claim,
    read_claim_request,
    read_confirmation_request,
)
from adapters.fhir.redemption_operations import CLAIM_INVITATION, CONFIRM_REGISTRATION
from adapters.http.calls import HttpOperations
from adapters.http.responses import fhir_response, refuse
from adapters.http.status_codes import http_refusal
from adapters.serving.redemption_refusals import claim_refusal, confirmation_refusal
from application.claim_invitation import ClaimCommand
from application.confirm_registration import ConfirmCommand
from domain.results import failed


@post(CLAIM_INVITATION.path, status_code=200)
async def claim_invitation(
    request: Request[Any, Any, Any],
    operations: NamedDependency[SkipValidation[HttpOperations]],
) -> Response[bytes]:
    """Claim the invitation of a patient at an authorised portal."""
    call = await operations.calls.read_from_portal(request, CLAIM_INVITATION, read_claim_request)
    if failed(call):
        refusal: Response[bytes] = call.failure()
        return refusal
    portal, typed = call.unwrap()
    claimed = await operations.claim(
        ClaimCommand(portal.caller.client_id, typed.code, typed.token, typed.birth_date)
    )
    if failed(claimed):
        return refuse(request, claimed.failure(), http_refusal(claim_refusal(claimed.failure())))
    return fhir_response(request, issued_claim(claimed.unwrap()))


@post(CONFIRM_REGISTRATION.path, status_code=200)
async def confirm_registration(
    request: Request[Any, Any, Any],
    operations: NamedDependency[SkipValidation[HttpOperations]],
) -> Response[bytes]:
    """Confirm the registration of a patient at the portal that claimed the invitation."""
    call = await operations.calls.read_from_portal(request, CONFIRM_REGISTRATION, read_confirmation_request)
    if failed(call):
        refusal: Response[bytes] = call.failure()
        return refusal
    portal, claim = call.unwrap()
    confirmed = await operations.confirm(ConfirmCommand(portal.caller.client_id, claim))
    if failed(confirmed):
        return refuse(request, confirmed.failure(), http_refusal(confirmation_refusal(confirmed.failure())))
    return fhir_response(request, confirmed_registration(confirmed.unwrap()))
