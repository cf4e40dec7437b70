"""What the page says to a person whose claim is refused."""

from typing import TypeAlias, assert_never

from msgspec import Struct

from adapters.http.join.birth_dates import DAY, MONTH, YEAR
from adapters.http.join.form import CODE, TOKEN, Problem
from domain.redemption import (
    BirthDateWrong,
    ClaimRefused,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    NoLongerEligible,
    PairUnknown,
)


class Ended(Struct, frozen=True):
    """A page without a form: trying again would not help."""

    heading: str
    paragraphs: tuple[str, ...]


Said: TypeAlias = Problem | Ended

TOO_MANY_TRIES = Problem(
    "Too many codes were tried from your network. Wait a minute, then press Continue again"
)
CODE_TRIED_TOO_OFTEN = Problem(
    "This code was tried too often. Wait a minute, then press Continue again", [CODE]
)
UNAVAILABLE = Problem("The service is not available now. Press Continue again in a minute")

NOT_READ = Ended("We could not read what you sent", ("Open the link in your letter or message again.",))
BROKEN = Ended(
    "Sorry, something went wrong",
    ("Open the link in your letter or message again later.",),
)
BUSY = Ended("The service is busy", ("Wait a minute, then go back and try again.",))

_NEW_LETTER = "Ask the organisation that invited you for a new letter or message."
_EXPIRED = Ended("Your invitation has expired", (_NEW_LETTER,))
_SPENT = Ended(
    "This invitation cannot be used again",
    (
        "It has been used already, or it was withdrawn.",
        "If you have registered, sign in where you registered.",
        "If you have a newer letter or message, use that one.",
        "In any other case, or if it was not you who used it, ask the organisation that invited you.",
    ),
)
_AFTER_A_DAY = f"{_NEW_LETTER} Before you use it, wait until 24 hours have passed since your last try."
_LOCKED = Ended(
    "This invitation is locked",
    (
        "A wrong date of birth was entered too many times. The lock keeps your record safe.",
        _AFTER_A_DAY,
    ),
)
_NOT_ELIGIBLE = Ended(
    "You cannot register with this invitation",
    ("Ask the organisation that invited you. It can tell you what to do.",),
)
_NO_ATTEMPT_LEFT = Ended(
    "This invitation is locked",
    ("The date of birth does not match our records. You have no tries left.", _AFTER_A_DAY),
)


def said_of(refused: ClaimRefused) -> Said:
    """Say why there is no claim, and what to do."""
    match refused:
        case PairUnknown():
            return Problem(
                "We do not know this code and token. Check both against your letter", [CODE, TOKEN]
            )
        case BirthDateWrong(attempts_left=0):
            return _NO_ATTEMPT_LEFT
        case BirthDateWrong(attempts_left):
            tries = "1 more time" if attempts_left == 1 else f"{attempts_left} more times"
            sentence = f"The date of birth does not match our records. Check it. You can try {tries}"
            return Problem(sentence, [DAY, MONTH, YEAR])
        case InvitationExpired():
            return _EXPIRED
        case InvitationSpent():
            return _SPENT
        case InvitationLocked():
            return _LOCKED
        case NoLongerEligible():
            return _NOT_ELIGIBLE
        case _:
            assert_never(refused)
