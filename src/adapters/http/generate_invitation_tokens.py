"""The route of the operation generate-invitation-tokens."""

from collections import Counter
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import json
from returns.result import Failure

from adapters.fhir.generate_invitation_tokens import patient_tokens
from adapters.fhir.patient_identifiers import read_patient_identifiers
from adapters.http.access_request import access_request
from adapters.http.fhir_response import fhir_response
from adapters.http.generate_documentation import RESPONSES, GenerateOperation
from adapters.http.media_types import check_media_types
from adapters.http.refuse import refuse, refuse_access
from adapters.http.request_log import note
from adapters.http.request_refusals import body_refusal, identifiers_refusal, media_type_refusal
from application.authorise_caller import AuthoriseCaller
from application.generate_invitation_tokens import (
    MAX_PATIENT_IDENTIFIERS,
    GenerateCommand,
    GenerateInvitationTokens,
)


@post(
    "/fhir/Organization/$generate-invitation-tokens",
    status_code=200,
    operation_class=GenerateOperation,
    responses=RESPONSES,
)
async def generate_invitation_tokens(
    request: Request[Any, Any, Any],
    authorise_caller: NamedDependency[SkipValidation[AuthoriseCaller]],
    generate: NamedDependency[SkipValidation[GenerateInvitationTokens]],
) -> Response[bytes]:
    """Authorise the caller, before the body is read; then carry out what it asks."""
    authorised = await authorise_caller(access_request(request.headers))
    if isinstance(authorised, Failure):
        return refuse_access(request, authorised.failure())
    caller = authorised.unwrap()
    note(request, caller=caller.caller.client_id, organisation=str(caller.organisation_id))

    media_types = check_media_types(request.headers)
    if isinstance(media_types, Failure):
        return refuse(request, media_types.failure(), media_type_refusal)
    identifiers = read_patient_identifiers(await request.body(), MAX_PATIENT_IDENTIFIERS + 1)
    if isinstance(identifiers, Failure):
        return refuse(request, identifiers.failure(), body_refusal)
    note(request, asked=len(identifiers.unwrap()))

    generated = await generate(GenerateCommand(caller, identifiers.unwrap()))
    if isinstance(generated, Failure):
        return refuse(request, generated.failure(), identifiers_refusal)
    tokens = generated.unwrap()
    omitted = Counter(omission.reason.value for omission in tokens.omitted)
    note(request, audit_id=str(tokens.request_id), issued=tokens.issued, omitted=omitted)
    return fhir_response(json.encode(patient_tokens(tokens)))
