"""The route of the operation generate-invitation-tokens."""

from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import Headers
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from returns.result import Result, Success

from adapters.fhir.generate_invitation_tokens import omissions, patient_tokens
from adapters.fhir.operations import GENERATE_INVITATION_TOKENS
from adapters.http.calls import HttpOperations
from adapters.http.formats import combined, prefers
from adapters.http.request_log import note
from adapters.http.responses import fhir_response, refuse
from adapters.http.status_codes import BATCH_HEADER, IDEMPOTENCY_HEADER, http_refusal
from adapters.serving.calls import generation_fields
from adapters.serving.refusals import generation_refusal
from application.generate_invitation_tokens.use_case import GenerateCommand
from domain.idempotency import IdempotencyKey, MalformedIdempotencyKey
from domain.results import failed

_REPLAYED = {"Idempotent-Replayed": "true"}


@post(GENERATE_INVITATION_TOKENS.path, status_code=200)
async def generate_invitation_tokens(
    request: Request[Any, Any, Any],
    operations: NamedDependency[SkipValidation[HttpOperations]],
) -> Response[bytes]:
    """Invite the patients in the request of an authorised caller."""
    call = await operations.calls.read(request, GENERATE_INVITATION_TOKENS)
    if failed(call):
        refusal: Response[bytes] = call.failure()
        return refusal
    authorised, identifiers = call.unwrap()
    key = _idempotency_key(request.headers)
    if failed(key):
        return await operations.calls.refuse(request, authorised, key.failure())
    generated = await operations.generate(GenerateCommand(authorised, identifiers, key.unwrap()))
    if failed(generated):
        return refuse(request, generated.failure(), http_refusal(generation_refusal(generated.failure())))
    tokens = generated.unwrap()
    note(request, **generation_fields(tokens))
    gives_reasons = tokens.reasons_told and prefers(request.headers, "return=operationoutcome")
    outcome = omissions(tokens.omitted, operations.base_url) if gives_reasons else None
    headers = {BATCH_HEADER: str(tokens.batch), **(_REPLAYED if tokens.replayed else {})}
    return fhir_response(request, patient_tokens(tokens, outcome), headers)


def _idempotency_key(headers: Headers) -> Result[IdempotencyKey | None, MalformedIdempotencyKey]:
    text = combined(headers, IDEMPOTENCY_HEADER)
    return Success(None) if text is None else IdempotencyKey.parse(text)
