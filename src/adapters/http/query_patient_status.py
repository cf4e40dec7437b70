"""The route of the operation status-query."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from adapters.fhir.operations import STATUS_QUERY
from adapters.fhir.status_query import patient_statuses
from adapters.http.calls import HttpOperations
from adapters.http.request_log import note
from adapters.http.responses import fhir_response, refuse
from adapters.http.status_codes import http_refusal
from adapters.serving.refusals import identifiers_refusal
from application.query_patient_status import StatusQuery
from domain.results import failed


@post(STATUS_QUERY.path, status_code=200)
async def query_patient_status(
    request: Request[Any, Any, Any],
    operations: NamedDependency[SkipValidation[HttpOperations]],
) -> Response[bytes]:
    """Answer with the status of the patients in the request of an authorised caller."""
    call = await operations.calls.read(request, STATUS_QUERY)
    if failed(call):
        refusal: Response[bytes] = call.failure()
        return refusal
    authorised, identifiers = call.unwrap()
    answered = await operations.query_status(StatusQuery(authorised, identifiers))
    if failed(answered):
        return refuse(request, answered.failure(), http_refusal(identifiers_refusal(answered.failure())))
    statuses = answered.unwrap()
    note(request, audit_id=str(statuses.request_id))
    return fhir_response(request, patient_statuses(statuses))
