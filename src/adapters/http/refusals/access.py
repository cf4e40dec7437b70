"""The error table, first part: why a caller is not let in."""

from typing import assert_never

from adapters.fhir.operation_outcome import IssueType, ResponseCode
from adapters.http.refusals.refusal import Refusal
from application.authorise_caller import (
    AccessRefused,
    AccessTokenMissing,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from domain.rate_limits import Throttled


def too_many_requests(throttled: Throttled) -> Refusal:
    """Say when to come back."""
    return Refusal(
        429,
        IssueType.THROTTLED,
        "You have asked for more in a short time than the service gives you. Wait, then try again.",
        headers={"Retry-After": str(throttled.retry_after_seconds)},
    )


AUTHORISATION_HEADER = "Authorization"
ORGANISATION_HEADER = "X-Org-Public-Id"

# the challenges are those of https://www.rfc-editor.org/rfc/rfc6750#section-3
_CHALLENGE = 'Bearer realm="invitation-tokens"'

TOKEN_MISSING = Refusal(
    401,
    IssueType.LOGIN,
    "Send an access token in the header Authorization, as 'Bearer' and the token.",
    ResponseCode.BAD_AUTHENTICATION,
    {"WWW-Authenticate": _CHALLENGE},
    AUTHORISATION_HEADER,
)
_TOKEN_INVALID = Refusal(
    401,
    IssueType.LOGIN,
    "The access token is not valid for this service. Get a new one from the issuer.",
    ResponseCode.BAD_AUTHENTICATION,
    {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
    AUTHORISATION_HEADER,
)
_TOKEN_EXPIRED = Refusal(
    401,
    IssueType.EXPIRED,
    "The access token has expired. Get a new one.",
    ResponseCode.ACC_TOKEN_EXPIRED,
    {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token", error_description="expired"'},
    AUTHORISATION_HEADER,
)
_ORGANISATION_MISSING = Refusal(
    400,
    IssueType.REQUIRED,
    "Name the organisation that you act for in the header X-Org-Public-Id.",
    header=ORGANISATION_HEADER,
)
_ORGANISATION_MALFORMED = Refusal(
    400,
    IssueType.VALUE,
    "The header X-Org-Public-Id takes one UUID, and is sent once.",
    header=ORGANISATION_HEADER,
)
ORGANISATION_FORBIDDEN = Refusal(
    403,
    IssueType.FORBIDDEN,
    "You may not act for the organisation in the header X-Org-Public-Id. Ask the operator for a grant.",
    header=ORGANISATION_HEADER,
)


def access_refusal(refused: AccessRefused) -> Refusal:
    """Say why the caller is not let in."""
    match refused:
        case AccessTokenMissing():
            return TOKEN_MISSING
        case AccessTokenInvalid():
            return _TOKEN_INVALID
        case AccessTokenExpired():
            return _TOKEN_EXPIRED
        case ScopeMissing(scope=scope):
            return _scope_missing(scope)
        case OrganisationMissing():
            return _ORGANISATION_MISSING
        case OrganisationMalformed():
            return _ORGANISATION_MALFORMED
        case OrganisationForbidden():
            return ORGANISATION_FORBIDDEN
        case CallsThrottled(throttled=throttled):
            return too_many_requests(throttled)
        case _:
            assert_never(refused)


def _scope_missing(scope: str) -> Refusal:
    return Refusal(
        403,
        IssueType.FORBIDDEN,
        "The access token lacks the scope that this operation needs. Get one that has it.",
        ResponseCode.USER_TYPE_NOT_PERM,
        {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
        AUTHORISATION_HEADER,
    )
