"""Every refusal of the catalogue, by its reason."""

from uuid import UUID

from adapters.serving.access_refusals import access_refusal
from adapters.serving.redemption_refusals import claim_refusal, confirmation_refusal
from adapters.serving.refusals import (
    ANSWER_NOT_READ,
    MALFORMED_IDEMPOTENCY_KEY,
    NOT_RECEIVED,
    STOPPING,
    TOO_LARGE,
    UNAVAILABLE,
    Refusal,
    generation_refusal,
    identifiers_refusal,
    invited_refusal,
    unexpected_refusal,
)
from application.authorisation import (
    AccessTokenMissing,
    CallsThrottled,
    OrganisationForbidden,
    OrganisationMalformed,
    OrganisationMissing,
    RedemptionForbidden,
    ScopeMissing,
)
from application.find_invited import BatchUnknown
from application.generate_invitation_tokens.replay import BatchRevoked, OtherIdentifiers
from application.ports.access import AccessTokenExpired, AccessTokenInvalid
from application.ports.invitations import KeyRetired, RequestInProgress
from domain.access import AuthorisedCaller, Caller, Operation
from domain.identifiers import NoPatientIdentifier, TooManyPatientIdentifiers, UnsupportedIdentifierSystems
from domain.organisations import OrganisationId
from domain.rate_limits import Throttled
from domain.redemption import (
    BirthDateWrong,
    ClaimOver,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    NoLongerEligible,
    PairUnknown,
)

_CALLER = Caller("mail-house")
_HOSPITAL = OrganisationId(UUID("11111111-1111-4111-8111-111111111111"))
_AUTHORISED = AuthorisedCaller(_CALLER, _HOSPITAL, Operation.GENERATE_INVITATION_TOKENS)

EVERY_REFUSAL: dict[str, Refusal] = {
    "ACCESS_TOKEN_MISSING": access_refusal(AccessTokenMissing()),
    "ACCESS_TOKEN_INVALID": access_refusal(AccessTokenInvalid()),
    "ACCESS_TOKEN_EXPIRED": access_refusal(AccessTokenExpired()),
    "SCOPE_MISSING": access_refusal(ScopeMissing(_CALLER, "system/Patient.read")),
    "ORGANISATION_MISSING": access_refusal(OrganisationMissing(_CALLER)),
    "ORGANISATION_MALFORMED": access_refusal(OrganisationMalformed(_CALLER)),
    "ORGANISATION_FORBIDDEN": access_refusal(OrganisationForbidden(_CALLER, _HOSPITAL)),
    "THROTTLED": access_refusal(CallsThrottled(_AUTHORISED, Throttled(7))),
    "NO_IDENTIFIER": identifiers_refusal(NoPatientIdentifier()),
    "TOO_MANY_IDENTIFIERS": identifiers_refusal(TooManyPatientIdentifiers(500)),
    "SYSTEM_NOT_SUPPORTED": identifiers_refusal(UnsupportedIdentifierSystems((0, 3))),
    "IDEMPOTENCY_KEY_MALFORMED": MALFORMED_IDEMPOTENCY_KEY,
    "OTHER_IDENTIFIERS": generation_refusal(OtherIdentifiers()),
    "ANSWER_GONE": generation_refusal(KeyRetired()),
    "REQUEST_IN_PROGRESS": generation_refusal(RequestInProgress()),
    "BATCH_REVOKED": generation_refusal(BatchRevoked()),
    "BATCH_UNKNOWN": invited_refusal(BatchUnknown()),
    "MESSAGE_TOO_LARGE": TOO_LARGE,
    "MESSAGE_NOT_RECEIVED": NOT_RECEIVED,
    "UNAVAILABLE": UNAVAILABLE,
    "STOPPING": STOPPING,
    "ANSWER_NOT_READ": ANSWER_NOT_READ,
    "UNEXPECTED": unexpected_refusal("the-request-id"),
}

REDEMPTION_REFUSALS: dict[str, Refusal] = {
    "REDEMPTION_FORBIDDEN": access_refusal(RedemptionForbidden(_CALLER)),
    "PAIR_UNKNOWN": claim_refusal(PairUnknown()),
    "BIRTH_DATE_WRONG": claim_refusal(BirthDateWrong(4)),
    "INVITATION_EXPIRED": claim_refusal(InvitationExpired()),
    "INVITATION_SPENT": claim_refusal(InvitationSpent()),
    "INVITATION_LOCKED": claim_refusal(InvitationLocked()),
    "NO_LONGER_ELIGIBLE": claim_refusal(NoLongerEligible()),
    "CLAIM_OVER": confirmation_refusal(ClaimOver()),
}
"""Those of redemption, which is an operation of HTTP alone."""
