"""The part of the catalogue of refusals that is about redemption: claims and confirmations."""

from typing import assert_never

from adapters.serving.refusals import Kind, Refusal
from domain.redemption import (
    BirthDateWrong,
    ClaimOver,
    ClaimRefused,
    ConfirmationRefused,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    NoLongerEligible,
    PairUnknown,
)

_PAIR_UNKNOWN = Refusal(
    Kind.NOT_PROVED,
    "PAIR_UNKNOWN",
    "No invitation has this code and this token. Check both, and try again.",
)
_INVITATION_EXPIRED = Refusal(
    Kind.EXPIRED,
    "INVITATION_EXPIRED",
    "The invitation has expired. The patient needs a new one.",
)
_INVITATION_SPENT = Refusal(
    Kind.CONFLICT,
    "INVITATION_SPENT",
    "The invitation was used before, or was revoked. A patient who has not registered needs a new one.",
)
_INVITATION_LOCKED = Refusal(
    Kind.LOCKED,
    "INVITATION_LOCKED",
    "Too many attempts have failed. The patient needs a new invitation, or has to wait for 24 hours.",
)
_NO_LONGER_ELIGIBLE = Refusal(
    Kind.INELIGIBLE,
    "NO_LONGER_ELIGIBLE",
    "The patient cannot register with this invitation. Ask the organisation that issued it.",
)
_CLAIM_OVER = Refusal(
    Kind.EXPIRED,
    "CLAIM_OVER",
    "The claim is unknown or over. Claim the invitation again.",
)


def claim_refusal(refused: ClaimRefused) -> Refusal:
    """Say why an invitation is not claimed."""
    match refused:
        case PairUnknown():
            return _PAIR_UNKNOWN
        case BirthDateWrong(attempts_left):
            return _birth_date_wrong(attempts_left)
        case InvitationExpired():
            return _INVITATION_EXPIRED
        case InvitationSpent():
            return _INVITATION_SPENT
        case InvitationLocked():
            return _INVITATION_LOCKED
        case NoLongerEligible():
            return _NO_LONGER_ELIGIBLE
        case _:
            assert_never(refused)


def _birth_date_wrong(attempts_left: int) -> Refusal:
    match attempts_left:
        case 0:
            left = "No attempt is left."
        case 1:
            left = "1 attempt is left."
        case _:
            left = f"{attempts_left} attempts are left."
    return Refusal(Kind.NOT_PROVED, "BIRTH_DATE_WRONG", f"The date of birth is not the patient's. {left}")


def confirmation_refusal(refused: ConfirmationRefused) -> Refusal:
    """Say why a registration is not confirmed."""
    match refused:
        case ClaimOver():
            return _CLAIM_OVER
        case NoLongerEligible():
            return _NO_LONGER_ELIGIBLE
        case _:
            assert_never(refused)
