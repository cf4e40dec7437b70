"""The error table, first part: why a caller is not let in."""

from typing import assert_never

from grpc import StatusCode

from adapters.grpc.call import AUTHORIZATION, ORGANISATION
from adapters.grpc.refusals import Refusal, too_many_requests
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

_TOKEN_MISSING = Refusal(
    StatusCode.UNAUTHENTICATED,
    "ACCESS_TOKEN_MISSING",
    f"Send an access token in the metadata {AUTHORIZATION}, as 'Bearer' and the token.",
)
_TOKEN_INVALID = Refusal(
    StatusCode.UNAUTHENTICATED, "ACCESS_TOKEN_INVALID", "The access token is not valid for this service."
)
_TOKEN_EXPIRED = Refusal(
    StatusCode.UNAUTHENTICATED, "ACCESS_TOKEN_EXPIRED", "The access token has expired. Get a new one."
)
_ORGANISATION_MISSING = Refusal(
    StatusCode.INVALID_ARGUMENT,
    "ORGANISATION_MISSING",
    f"Name the organisation that you act for in the metadata {ORGANISATION}.",
    fields=[ORGANISATION],
)
_ORGANISATION_MALFORMED = Refusal(
    StatusCode.INVALID_ARGUMENT,
    "ORGANISATION_MALFORMED",
    f"The metadata {ORGANISATION} takes one UUID, and is sent once.",
    fields=[ORGANISATION],
)
_ORGANISATION_FORBIDDEN = Refusal(
    StatusCode.PERMISSION_DENIED,
    "ORGANISATION_FORBIDDEN",
    f"You may not act for the organisation in the metadata {ORGANISATION}.",
)


def access_refusal(refused: AccessRefused) -> Refusal:
    """Say why the caller is not let in."""
    match refused:
        case AccessTokenMissing():
            return _TOKEN_MISSING
        case AccessTokenInvalid():
            return _TOKEN_INVALID
        case AccessTokenExpired():
            return _TOKEN_EXPIRED
        case ScopeMissing(scope=scope):
            sentence = "The access token lacks the scope that this operation needs."
            return Refusal(StatusCode.PERMISSION_DENIED, "SCOPE_MISSING", sentence, {"scope": scope})
        case OrganisationMissing():
            return _ORGANISATION_MISSING
        case OrganisationMalformed():
            return _ORGANISATION_MALFORMED
        case OrganisationForbidden():
            return _ORGANISATION_FORBIDDEN
        case CallsThrottled(throttled=throttled):
            return too_many_requests(throttled)
        case _:
            assert_never(refused)
