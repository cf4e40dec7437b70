"""What is forgiven, what locks, and what a claim needs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace
from returns.result import Failure, Success

from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.invitations import MAX_FAILED_ATTEMPTS, InvitationLife
from domain.patients import Patient
from domain.redemption import (
    JOIN_PAGE,
    LOCK_PERIOD,
    MAX_FAILED_CLAIMS,
    Attempt,
    BirthDateWrong,
    ClaimClosed,
    ClaimRefused,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    InvitationToRedeem,
    IssuedClaim,
    NoLongerEligible,
    PairUnknown,
    claim_text,
    forgiven,
    judge,
)
from tests.builders import ADULT, EXPIRY, HOSPITAL, NOW, TODAY, a_patient

RIGHT, WRONG = {"key": bytes([1] * 32)}, {"key": bytes([2] * 32)}
LIFE = InvitationLife(NOW, EXPIRY)
OTHER_DAY = date(1980, 4, 2)
SECOND = timedelta(seconds=1)


def _invitation(
    life: InvitationLife = LIFE, failures: Sequence[datetime] = (), patient: Patient | None = None
) -> InvitationToRedeem:
    return InvitationToRedeem(
        patient or a_patient(),
        (),
        HOSPITAL,
        True,  # noqa: FBT003 - enabled
        RIGHT["key"],
        "key",
        life,
        failures,
    )


def _failures(number: int, last: datetime = NOW) -> list[datetime]:
    return [last - SECOND * before for before in range(number)]


@pytest.mark.parametrize(
    "typed",
    [
        "1002M9KXR4",
        "1002m9kxr4",
        " 1002 M9KX R4\t",
        "1002-M9KX-R4",
        "1002\u2013M9KX\u2014R4",
        "IOo2M9KXR4",
        "lO02m9kxr4",
        pytest.param("\u200b1002\u00adM9KX\u2060R4\ufeff", id="invisible-characters"),
        pytest.param("\u202a1002M9KXR4\u202c", id="marks-of-direction"),
        pytest.param("\uff11\uff10\uff10\uff12\uff2d\uff19\uff2b\uff38\uff32\uff14", id="full-width"),
        pytest.param("\u201c1002M9KXR4.\u201d", id="quotes-and-full-stop"),
        pytest.param("<1002_M9KX_R4>", id="brackets"),
    ],
)
def test_all_but_letters_and_digits_is_forgiven_as_are_case_and_letters_that_look_like_digits(
    typed: str,
) -> None:
    assert forgiven(typed) == "1002M9KXR4"


@pytest.mark.parametrize("typed", ["U002M9KXR4", "\u041c002M9KXR4", "\u00c9002M9KXR4"])
def test_other_letters_are_not_forgiven(typed: str) -> None:
    assert forgiven(typed) == typed


def test_a_claim_writes_130_bits_as_26_characters() -> None:
    assert claim_text(bytes(17)) == "0" * 26
    assert claim_text(bytes([255] * 17)) == "Z" * 26
    assert claim_text(bytes([8] + [0] * 16)) == "1" + "0" * 25


def test_a_claim_needs_17_bytes() -> None:
    with pytest.raises(ValueError, match="too few bytes"):
        claim_text(bytes(16))


def test_no_repr_shows_a_claim() -> None:
    assert repr(IssuedClaim("secret", NOW)) == "IssuedClaim(<hidden>)"


@pytest.mark.parametrize(
    ("life", "closed"),
    [
        pytest.param(LIFE, None, id="open"),
        pytest.param(replace(LIFE, expires_at=NOW + SECOND), None, id="expires-soon"),
        pytest.param(replace(LIFE, expires_at=NOW), InvitationExpired(), id="expired"),
        pytest.param(replace(LIFE, redeemed_at=NOW), InvitationSpent(), id="redeemed"),
        pytest.param(replace(LIFE, revoked_at=NOW), InvitationSpent(), id="revoked"),
        pytest.param(replace(LIFE, revoked_at=NOW, expires_at=NOW), InvitationSpent(), id="revoked-first"),
        pytest.param(replace(LIFE, claim_expires_at=EXPIRY), None, id="claimed"),
        pytest.param(
            replace(LIFE, claim_expires_at=EXPIRY, expires_at=NOW),
            InvitationExpired(),
            id="expired-while-claimed",
        ),
        pytest.param(replace(LIFE, failed_attempts=MAX_FAILED_ATTEMPTS - 1), None, id="four-failures"),
        pytest.param(
            replace(LIFE, failed_attempts=MAX_FAILED_ATTEMPTS), InvitationLocked(), id="five-failures"
        ),
    ],
)
def test_an_invitation_is_closed_to_claims_when_it_is(
    life: InvitationLife, closed: ClaimClosed | None
) -> None:
    assert _invitation(life).closed(NOW) == closed


@pytest.mark.parametrize(
    ("failures", "at", "is_locked"),
    [
        pytest.param(_failures(MAX_FAILED_CLAIMS - 1), NOW, False, id="nine"),
        pytest.param(_failures(MAX_FAILED_CLAIMS), NOW, True, id="ten"),
        pytest.param(_failures(MAX_FAILED_CLAIMS), NOW + LOCK_PERIOD - SECOND, True, id="ten-a-day-ago"),
        pytest.param(_failures(MAX_FAILED_CLAIMS), NOW + LOCK_PERIOD, False, id="ten-and-the-day-is-over"),
        pytest.param(
            [*_failures(MAX_FAILED_CLAIMS - 1), NOW - LOCK_PERIOD], NOW, False, id="ten-in-more-than-a-day"
        ),
        pytest.param(
            [*_failures(MAX_FAILED_CLAIMS - 1), NOW - LOCK_PERIOD + SECOND], NOW, True, id="ten-in-just-a-day"
        ),
        pytest.param(
            [*_failures(MAX_FAILED_CLAIMS), NOW + LOCK_PERIOD],
            NOW + LOCK_PERIOD,
            False,
            id="one-after-the-lock",
        ),
    ],
)
def test_ten_failures_in_a_day_lock_the_patient_for_a_day(
    failures: Sequence[datetime],
    at: datetime,
    is_locked: bool,  # noqa: FBT001 - a case
) -> None:
    assert (_invitation(failures=failures).closed(at) == InvitationLocked()) == is_locked


def _attempt(invitation: InvitationToRedeem | None = None) -> Attempt:
    return Attempt(invitation or _invitation(), NOW)


def test_the_right_pair_and_birth_date_are_right() -> None:
    attempt = _attempt()

    assert judge(attempt, RIGHT, ADULT) == Success(attempt)


SPENT = replace(LIFE, redeemed_at=NOW)
EXPIRED = replace(LIFE, expires_at=NOW)
LOCKED = replace(LIFE, failed_attempts=MAX_FAILED_ATTEMPTS)


@pytest.mark.parametrize(
    ("attempt", "typed", "birth_date", "refused"),
    [
        pytest.param(None, RIGHT, ADULT, PairUnknown(), id="code-unknown"),
        pytest.param(_attempt(), WRONG, ADULT, PairUnknown(), id="token-wrong"),
        pytest.param(_attempt(), {}, ADULT, PairUnknown(), id="key-retired"),
        pytest.param(_attempt(), WRONG, OTHER_DAY, PairUnknown(), id="both-wrong"),
        pytest.param(_attempt(_invitation(SPENT)), WRONG, ADULT, PairUnknown(), id="token-wrong-and-spent"),
        pytest.param(
            _attempt(_invitation(EXPIRED)), WRONG, ADULT, PairUnknown(), id="token-wrong-and-expired"
        ),
        pytest.param(_attempt(_invitation(LOCKED)), WRONG, ADULT, PairUnknown(), id="token-wrong-and-locked"),
        pytest.param(_attempt(_invitation(SPENT)), RIGHT, OTHER_DAY, InvitationSpent(), id="spent"),
        pytest.param(_attempt(_invitation(EXPIRED)), RIGHT, OTHER_DAY, InvitationExpired(), id="expired"),
        pytest.param(
            _attempt(_invitation(LOCKED)), RIGHT, OTHER_DAY, InvitationLocked(), id="locked-and-wrong"
        ),
        pytest.param(_attempt(_invitation(LOCKED)), RIGHT, ADULT, InvitationLocked(), id="locked-and-right"),
        pytest.param(_attempt(), RIGHT, OTHER_DAY, BirthDateWrong(4), id="birth-date-wrong"),
        pytest.param(
            _attempt(_invitation(patient=a_patient(date_of_birth=None))),
            RIGHT,
            date.min,
            NoLongerEligible(),
            id="no-birth-date-is-known",
        ),
    ],
)
def test_a_claim_is_refused_for_the_first_of_pair_state_and_birth_date(
    attempt: Attempt | None, typed: dict[str, bytes], birth_date: date, refused: ClaimRefused
) -> None:
    assert judge(attempt, typed, birth_date) == Failure(refused)


@pytest.mark.parametrize(
    ("failed_attempts", "failures", "left"),
    [
        pytest.param(0, [], 4, id="first"),
        pytest.param(4, _failures(4), 0, id="last"),
        pytest.param(1, _failures(8), 1, id="other-invitations-count"),
        pytest.param(0, _failures(9), 0, id="last-of-the-patient"),
        pytest.param(0, _failures(9, NOW - LOCK_PERIOD), 4, id="yesterday-does-not-count"),
        pytest.param(0, _failures(12), 0, id="never-less-than-none"),
    ],
)
def test_the_attempts_left_are_those_of_the_invitation_or_the_patient(
    failed_attempts: int, failures: Sequence[datetime], left: int
) -> None:
    invitation = _invitation(replace(LIFE, failed_attempts=failed_attempts), failures)

    assert invitation.attempts_left(NOW) == left


def test_an_eligible_patient_stays_eligible() -> None:
    assert _invitation().ineligible(EligibilityPolicy(), TODAY) is None


@pytest.mark.parametrize(
    ("patient", "reason"),
    [
        pytest.param(a_patient(deceased=True), OmissionReason.DECEASED, id="deceased"),
        pytest.param(a_patient(registered=True), OmissionReason.ALREADY_REGISTERED, id="registered"),
        pytest.param(a_patient(held_until=TODAY), OmissionReason.NOT_TO_BE_INVITED, id="held"),
        pytest.param(
            a_patient(care_relationship=False), OmissionReason.NO_CARE_RELATIONSHIP, id="care-has-ended"
        ),
    ],
)
def test_a_patient_is_no_longer_eligible_for_any_reason_not_to_invite(
    patient: Patient, reason: OmissionReason
) -> None:
    assert _invitation(patient=patient).ineligible(EligibilityPolicy(), TODAY) == reason


def test_a_disabled_organisation_cares_for_nobody() -> None:
    invitation = replace(_invitation(), organisation_enabled=False)

    assert invitation.ineligible(EligibilityPolicy(), TODAY) == OmissionReason.NO_CARE_RELATIONSHIP


CLAIMED = replace(LIFE, claim_expires_at=NOW + SECOND)


@pytest.mark.parametrize(
    ("life", "claimed_by", "confirms"),
    [
        pytest.param(CLAIMED, "portal", True, id="claimed"),
        pytest.param(CLAIMED, "other", False, id="by-another-client"),
        pytest.param(CLAIMED, JOIN_PAGE, True, id="at-the-join-page"),
        pytest.param(LIFE, None, False, id="not-claimed"),
        pytest.param(LIFE, "portal", False, id="claim-without-expiry"),
        pytest.param(replace(CLAIMED, claim_expires_at=NOW), "portal", False, id="claim-expired"),
        pytest.param(replace(CLAIMED, revoked_at=NOW), "portal", False, id="revoked"),
        pytest.param(replace(CLAIMED, expires_at=NOW), "portal", True, id="invitation-expired-since"),
        pytest.param(replace(CLAIMED, claim_expires_at=NOW, redeemed_at=NOW), "portal", True, id="redeemed"),
        pytest.param(replace(CLAIMED, redeemed_at=NOW), "other", False, id="redeemed-by-another-client"),
    ],
)
def test_a_claim_is_confirmed_by_its_client_in_time_and_again_at_any_time(
    life: InvitationLife,
    claimed_by: str | None,
    confirms: bool,  # noqa: FBT001 - a case
) -> None:
    invitation = replace(_invitation(life), claimed_by=claimed_by)

    assert invitation.is_confirmed_by("portal", NOW) == confirms
