"""The error table, first part: why a caller is not let in."""

from typing import assert_never

from adapters.fhir.operation_outcome import IssueType, ResponseCode
from adapters.http.refusal import Refusal
from application.authorise_caller import (
    AccessRefused,
    AccessTokenMissing,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    ScopeMissing,
)
from application.ports.access_token_verifier import AccessTokenExpired, AccessTokenInvalid

ORGANISATION_HEADER = "X-Org-Public-Id"

_CHALLENGE = 'Bearer realm="invitation-tokens"'


def access_refusal(refused: AccessRefused) -> Refusal:
    """Say why the caller is not let in.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-3
    """
    match refused:
        case AccessTokenMissing():
            return _unauthenticated(
                "Send an access token in the header Authorization, as 'Bearer' and the token.",
                challenge=_CHALLENGE,
            )
        case AccessTokenInvalid():
            return _unauthenticated(
                "The access token is not valid for this service.",
                challenge=f'{_CHALLENGE}, error="invalid_token"',
            )
        case AccessTokenExpired():
            return _unauthenticated(
                "The access token has expired. Get a new one.",
                challenge=f'{_CHALLENGE}, error="invalid_token", error_description="expired"',
                issue_type=IssueType.EXPIRED,
                response_code=ResponseCode.ACC_TOKEN_EXPIRED,
            )
        case ScopeMissing(scope=scope):
            return Refusal(
                403,
                IssueType.FORBIDDEN,
                "The access token lacks the scope that this operation needs.",
                ResponseCode.USER_TYPE_NOT_PERM,
                {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
            )
        case OrganisationMissing():
            return Refusal(
                400,
                IssueType.REQUIRED,
                "Name the organisation that you act for in the header X-Org-Public-Id.",
                header=ORGANISATION_HEADER,
            )
        case OrganisationMalformed():
            return Refusal(
                400,
                IssueType.VALUE,
                "The header X-Org-Public-Id takes one UUID, and is sent once.",
                header=ORGANISATION_HEADER,
            )
        case OrganisationForbidden():
            return Refusal(
                403,
                IssueType.FORBIDDEN,
                "You may not act for the organisation in the header X-Org-Public-Id.",
                header=ORGANISATION_HEADER,
            )
        case _:
            assert_never(refused)


def _unauthenticated(
    diagnostics: str,
    *,
    challenge: str,
    issue_type: IssueType = IssueType.LOGIN,
    response_code: ResponseCode = ResponseCode.BAD_AUTHENTICATION,
) -> Refusal:
    return Refusal(401, issue_type, diagnostics, response_code, {"WWW-Authenticate": challenge})
