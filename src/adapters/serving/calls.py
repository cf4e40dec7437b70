"""What both transports do for a call: read its credentials, and log who called and what came of it."""

from collections import Counter
from typing import Any

from application.authorisation import AccessRefused, AccessTokenMissing, CallsThrottled
from application.generate_invitation_tokens.use_case import GeneratedTokens
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from application.revoke_invitations import InvitationsRevoked
from domain.access import AuthorisedCaller, AuthorisedPortal


def bearer_token(authorization: str | None) -> str | None:
    """Take the access token from what is sent as Authorization: what follows the scheme Bearer.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _space, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def caller_fields(authorised: AuthorisedCaller | AuthorisedPortal) -> dict[str, Any]:
    """Give the fields of a log line that name a caller, and the organisation that it acts for."""
    caller = {"caller": authorised.caller.client_id}
    if authorised.organisation_id is None:
        return caller
    return {**caller, "organisation": str(authorised.organisation_id)}


def refused_caller_fields(refused: AccessRefused) -> dict[str, Any]:
    """Give the fields of a log line about a refused caller: the caller, as far as it is known by then."""
    refusal = {"refusal": type(refused).__name__}
    match refused:
        case AccessTokenMissing() | AccessTokenInvalid() | AccessTokenExpired():
            return refusal
        case CallsThrottled(authorised):
            return {**refusal, **caller_fields(authorised)}
        case _:
            return {**refusal, "caller": refused.caller.client_id}


def generation_fields(tokens: GeneratedTokens) -> dict[str, Any]:
    """Give the fields of a log line about invitation tokens: the counts, and the id of the audit event."""
    omitted = Counter(omission.reason.value for omission in tokens.omitted)
    return {"audit_id": str(tokens.request_id), "issued": tokens.issued, "omitted": omitted}


def revocation_fields(revoked: InvitationsRevoked) -> dict[str, Any]:
    """Give the fields of a log line about a revocation: the count, and the id of the audit event."""
    return {"audit_id": str(revoked.request_id), "revoked": revoked.count}
