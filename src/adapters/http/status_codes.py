"""A refusal as HTTP and FHIR write it, and how the catalogue's refusals become one."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from msgspec import UNSET, Struct

from adapters.fhir.elements import CodeableConcept, Coding
from adapters.fhir.operation_declaration import PATIENT_IDENTIFIER
from adapters.fhir.operation_outcome import (
    MAX_EXPRESSIONS,
    RESPONSE_CODE_SYSTEM,
    Issue,
    IssueType,
    OperationOutcome,
    ResponseCode,
)
from adapters.fhir.operation_parameters import ALL_PARAMETERS, parameter_path
from adapters.serving import refusals as catalogue
from adapters.serving.refusals import Kind, Part, Terms

AUTHORISATION_HEADER = "Authorization"
ORGANISATION_HEADER = "X-Org-Public-Id"
IDEMPOTENCY_HEADER = "Idempotency-Key"
BATCH_HEADER = "Invitation-Batch"

_TERMS = Terms(
    access_token=f"header {AUTHORISATION_HEADER}",
    organisation=f"header {ORGANISATION_HEADER}",
    key=IDEMPOTENCY_HEADER,
    key_field=f"header {IDEMPOTENCY_HEADER}",
    key_rule="and is sent once",
    identifier=f"parameter {PATIENT_IDENTIFIER}",
    identifiers=f"parameters {PATIENT_IDENTIFIER}",
    identifier_system=f"system of this {PATIENT_IDENTIFIER}",
    content="body",
)


class Refusal(Struct, frozen=True):
    """Status, headers, and the content of the OperationOutcome.

    `diagnostics` is a fixed sentence, `expressions` point into the body, `header` is the header, or the query
    parameter, that is at fault.
    """

    status: int
    issue_type: IssueType
    diagnostics: str
    response_code: ResponseCode | None = None
    headers: Mapping[str, str] = {}
    header: str | None = None
    expressions: Sequence[str] = ()

    def outcome(self) -> OperationOutcome:
        """Write the OperationOutcome."""
        issue = Issue(
            severity="error",
            code=self.issue_type,
            details=_details(self.issue_type, self.response_code),
            diagnostics=self.diagnostics,
            location=[f"http.{self.header}"] if self.header else UNSET,
            expression=list(self.expressions[:MAX_EXPRESSIONS]) or UNSET,
        )
        return OperationOutcome(resource_type="OperationOutcome", issue=[issue])


def _details(kind: IssueType, code: ResponseCode | None) -> CodeableConcept:
    if code is None:
        return CodeableConcept(text=kind.text)
    coding = Coding(system=RESPONSE_CODE_SYSTEM, code=code.value, display=code.display)
    return CodeableConcept(coding=[coding], text=kind.text)


def http_refusal(refusal: catalogue.Refusal) -> Refusal:
    """Add to a refusal of the catalogue what HTTP and FHIR need."""
    codes = CODES[refusal.kind]
    return Refusal(
        codes.status,
        codes.issue_type,
        refusal.sentence_in(_TERMS),
        codes.response_code,
        _headers(refusal),
        _header(refusal.part),
        _expressions(refusal),
    )


class Codes(Struct, frozen=True):
    """The codes of HTTP and FHIR for a kind of refusal."""

    status: int
    issue_type: IssueType
    response_code: ResponseCode | None = None


CODES = {
    Kind.ACCESS_TOKEN_MISSING: Codes(401, IssueType.LOGIN, ResponseCode.BAD_AUTHENTICATION),
    Kind.ACCESS_TOKEN_INVALID: Codes(401, IssueType.LOGIN, ResponseCode.BAD_AUTHENTICATION),
    Kind.ACCESS_TOKEN_EXPIRED: Codes(401, IssueType.EXPIRED, ResponseCode.ACC_TOKEN_EXPIRED),
    Kind.SCOPE_MISSING: Codes(403, IssueType.FORBIDDEN, ResponseCode.USER_TYPE_NOT_PERM),
    Kind.FORBIDDEN: Codes(403, IssueType.FORBIDDEN),
    Kind.REQUIRED: Codes(400, IssueType.REQUIRED),
    Kind.VALUE: Codes(400, IssueType.VALUE),
    Kind.NOT_SUPPORTED: Codes(422, IssueType.NOT_SUPPORTED),
    Kind.TOO_MANY: Codes(422, IssueType.TOO_LONG),
    Kind.TOO_LARGE: Codes(413, IssueType.TOO_LONG),
    Kind.TIMEOUT: Codes(408, IssueType.TIMEOUT),
    Kind.CONFLICT: Codes(422, IssueType.CONFLICT),
    Kind.IN_PROGRESS: Codes(409, IssueType.CONFLICT),
    Kind.REVOKED: Codes(409, IssueType.CONFLICT),
    Kind.NOT_FOUND: Codes(404, IssueType.NOT_FOUND),
    Kind.THROTTLED: Codes(429, IssueType.THROTTLED),
    Kind.UNAVAILABLE: Codes(503, IssueType.TRANSIENT),
    Kind.UNEXPECTED: Codes(500, IssueType.EXCEPTION),
    Kind.NOT_PROVED: Codes(422, IssueType.SECURITY),
    Kind.EXPIRED: Codes(422, IssueType.EXPIRED),
    Kind.LOCKED: Codes(422, IssueType.THROTTLED),
    Kind.INELIGIBLE: Codes(422, IssueType.BUSINESS_RULE),
}

_CHALLENGE = 'Bearer realm="invitation-tokens"'


def _headers(refusal: catalogue.Refusal) -> Mapping[str, str]:
    """Give the challenge (https://www.rfc-editor.org/rfc/rfc6750#section-3), or when to try again."""
    match refusal.kind:
        case Kind.ACCESS_TOKEN_MISSING:
            return {"WWW-Authenticate": _CHALLENGE}
        case Kind.ACCESS_TOKEN_INVALID:
            return {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
        case Kind.ACCESS_TOKEN_EXPIRED:
            return {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token", error_description="expired"'}
        case Kind.SCOPE_MISSING:
            return {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{refusal.scope}"'}
        case _ if refusal.retry_after_seconds is not None:
            return {"Retry-After": str(refusal.retry_after_seconds)}
        case _:
            return {}


def _header(part: Part | None) -> str | None:
    match part:
        case Part.ACCESS_TOKEN:
            return AUTHORISATION_HEADER
        case Part.ORGANISATION:
            return ORGANISATION_HEADER
        case Part.IDEMPOTENCY_KEY:
            return IDEMPOTENCY_HEADER
        case Part.IDENTIFIERS | Part.BATCH | None:
            return None
        case _:
            assert_never(part)


def _expressions(refusal: catalogue.Refusal) -> Sequence[str]:
    if refusal.part is Part.BATCH:
        return [ALL_PARAMETERS]
    if refusal.part is not Part.IDENTIFIERS:
        return ()
    return [f"{parameter_path(position)}.value" for position in refusal.positions] or [ALL_PARAMETERS]
