"""Every screen of the page: how a person gets there."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from application.ports.system import Unavailable
from domain.redemption import (
    BirthDateWrong,
    ClaimRefused,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    IssuedClaim,
    NoLongerEligible,
    PairUnknown,
)
from tests.fakes.claims import CLAIM
from tests.integration.join.typed import RIGHT


class Screen(Struct, frozen=True):
    """What is typed, what the use case answers, and the heading that follows.

    A screen with `fields` has the form again, and these fields are marked as wrong.
    """

    heading: str
    typed: Mapping[str, str] = MappingProxyType(RIGHT)
    answer: IssuedClaim | ClaimRefused | Exception = CLAIM
    fields: tuple[str, ...] | None = None
    tries_before: int = 0


_FORM = "Register to see your health record"
_DATE = ("day", "month", "year")

SCREENS = {
    "nothing-typed": Screen(_FORM, {}, fields=("code", "token", *_DATE)),
    "impossible-date": Screen(_FORM, {**RIGHT, "day": "31"}, fields=_DATE),
    "future-date": Screen(_FORM, {**RIGHT, "year": "2084"}, fields=_DATE),
    "part-of-date": Screen(_FORM, {**RIGHT, "month": ""}, fields=("month",)),
    "code-too-short": Screen(_FORM, {**RIGHT, "code": "7Q2M9"}, fields=("code",)),
    "token-too-long": Screen(_FORM, {**RIGHT, "token": "C5H8WZ1N6T7"}, fields=("token",)),
    "pair-unknown": Screen(_FORM, answer=PairUnknown(), fields=("code", "token")),
    "birth-date-wrong": Screen(_FORM, answer=BirthDateWrong(3), fields=_DATE),
    "too-many-tries": Screen(_FORM, answer=PairUnknown(), fields=(), tries_before=10),
    "unavailable": Screen(_FORM, answer=Unavailable("away"), fields=()),
    "no-attempt-left": Screen("This invitation is locked", answer=BirthDateWrong(0)),
    "locked": Screen("This invitation is locked", answer=InvitationLocked()),
    "expired": Screen("Your invitation has expired", answer=InvitationExpired()),
    "used": Screen("This invitation cannot be used again", answer=InvitationSpent()),
    "not-eligible": Screen("You cannot register with this invitation", answer=NoLongerEligible()),
    "claimed": Screen("Thank you. Now create your account"),
}
