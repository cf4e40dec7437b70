"""What both transports do for a call: read its credentials, and log who called and what came of it."""

from collections import Counter
from typing import Any

from application.authorise_caller import (
    AccessRefused,
    AccessRequest,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    RefusalsThrottled,
    ScopeMissing,
)
from application.authorise_portal import PortalAccessRefused, PortalThrottled, RedemptionForbidden
from application.generate_invitation_tokens.use_case import GeneratedTokens
from application.revoke_invitations import InvitationsRevoked
from domain.access import AuthorisedCaller


def access_request(authorization: str | None, organisation: str | None) -> AccessRequest:
    """Take the access token from what is sent as Authorization: what follows the scheme Bearer.

    Source: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    """
    scheme, _space, token = (authorization or "").partition(" ")
    return AccessRequest(token.strip() if scheme.lower() == "bearer" else None, organisation)


def caller_fields(authorised: AuthorisedCaller) -> dict[str, Any]:
    """Give the fields of a log line that name a caller."""
    return {"caller": authorised.caller.client_id, "organisation": str(authorised.organisation_id)}


def refused_caller_fields(refused: AccessRefused) -> dict[str, Any]:
    """Give the fields of a log line about a refused caller: the caller, as far as it is known by then."""
    match refused:
        case (
            ScopeMissing(caller=caller)
            | OrganisationMissing(caller=caller)
            | OrganisationMalformed(caller=caller)
            | OrganisationForbidden(caller=caller)
            | RefusalsThrottled(caller=caller)
        ):
            return {"refusal": type(refused).__name__, "caller": caller.client_id}
        case CallsThrottled(authorised=authorised):
            return {"refusal": type(refused).__name__, **caller_fields(authorised)}
        case _:
            return {"refusal": type(refused).__name__}


def refused_portal_fields(refused: PortalAccessRefused) -> dict[str, Any]:
    """Give the fields of a log line about a refused portal: the caller, if it is known by then."""
    match refused:
        case (
            ScopeMissing(caller=caller)
            | RedemptionForbidden(caller=caller)
            | PortalThrottled(caller=caller)
            | RefusalsThrottled(caller=caller)
        ):
            return {"refusal": type(refused).__name__, "caller": caller.client_id}
        case _:
            return {"refusal": type(refused).__name__}


def generation_fields(tokens: GeneratedTokens) -> dict[str, Any]:
    """Give the fields of a log line about invitation tokens: the counts, and the id of the audit event."""
    omitted = Counter(omission.reason.value for omission in tokens.omitted)
    return {"audit_id": str(tokens.request_id), "issued": tokens.issued, "omitted": omitted}


def revocation_fields(revoked: InvitationsRevoked) -> dict[str, Any]:
    """Give the fields of a log line about a revocation: the count, and the id of the audit event."""
    return {"audit_id": str(revoked.request_id), "revoked": revoked.count}
