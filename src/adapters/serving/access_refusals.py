"""The part of the catalogue of refusals that is about access: tokens, scopes, organisations and grants."""

from typing import assert_never

from adapters.serving.refusals import Kind, Part, Refusal, throttled_refusal
from application.authorisation import (
    AccessRefused,
    AccessTokenMissing,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    RedemptionForbidden,
    RefusalsThrottled,
    ScopeMissing,
)
from application.ports.access import AccessTokenExpired, AccessTokenInvalid

_ACCESS_TOKEN_MISSING = Refusal(
    Kind.ACCESS_TOKEN_MISSING,
    "ACCESS_TOKEN_MISSING",
    "Send an access token in the {terms.access_token}, as 'Bearer' and the token.",
    Part.ACCESS_TOKEN,
)
_ACCESS_TOKEN_INVALID = Refusal(
    Kind.ACCESS_TOKEN_INVALID,
    "ACCESS_TOKEN_INVALID",
    "The access token is not valid for this service. Get a new one from the issuer.",
    Part.ACCESS_TOKEN,
)
_ACCESS_TOKEN_EXPIRED = Refusal(
    Kind.ACCESS_TOKEN_EXPIRED,
    "ACCESS_TOKEN_EXPIRED",
    "The access token has expired. Get a new one.",
    Part.ACCESS_TOKEN,
)
_ORGANISATION_MISSING = Refusal(
    Kind.REQUIRED,
    "ORGANISATION_MISSING",
    "Name the organisation that you act for in the {terms.organisation}.",
    Part.ORGANISATION,
)
_ORGANISATION_MALFORMED = Refusal(
    Kind.VALUE,
    "ORGANISATION_MALFORMED",
    "The {terms.organisation} takes one UUID, and is sent once.",
    Part.ORGANISATION,
)
_ORGANISATION_FORBIDDEN = Refusal(
    Kind.FORBIDDEN,
    "ORGANISATION_FORBIDDEN",
    "You may not act for the organisation in the {terms.organisation}. Ask the operator for a grant.",
    Part.ORGANISATION,
)
_REDEMPTION_FORBIDDEN = Refusal(
    Kind.FORBIDDEN,
    "REDEMPTION_FORBIDDEN",
    "You may not redeem invitations. Ask the operator for a grant.",
)


def access_refusal(refused: AccessRefused) -> Refusal:
    """Say why a caller may not call."""
    match refused:
        case AccessTokenMissing():
            return _ACCESS_TOKEN_MISSING
        case AccessTokenInvalid():
            return _ACCESS_TOKEN_INVALID
        case AccessTokenExpired():
            return _ACCESS_TOKEN_EXPIRED
        case ScopeMissing(scope=scope):
            sentence = "The access token lacks the scope that this operation needs. Get one that has it."
            return Refusal(Kind.SCOPE_MISSING, "SCOPE_MISSING", sentence, part=Part.ACCESS_TOKEN, scope=scope)
        case OrganisationMissing():
            return _ORGANISATION_MISSING
        case OrganisationMalformed():
            return _ORGANISATION_MALFORMED
        case OrganisationForbidden():
            return _ORGANISATION_FORBIDDEN
        case RedemptionForbidden():
            return _REDEMPTION_FORBIDDEN
        case CallsThrottled(throttled=throttled) | RefusalsThrottled(throttled=throttled):
            return throttled_refusal(throttled)
        case _:
            assert_never(refused)
