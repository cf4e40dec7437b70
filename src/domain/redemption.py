"""Redemption: what a patient types in, failed attempts, claims, and the confirmation of registration."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hmac import compare_digest
from typing import TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.identifiers import PatientIdentifier
from domain.invitations import CROCKFORD_DIGITS, MAX_FAILED_ATTEMPTS, InvitationLife
from domain.organisations import OrganisationId
from domain.patients import Patient

CLAIM_LENGTH = 26
"""Characters; five bits each, so 130 bits."""

CLAIM_BYTES = 17
"""So many random bytes make a claim."""

CLAIM_LIFETIME = timedelta(hours=24)
"""How long a claim can be confirmed."""

MAX_FAILED_CLAIMS = 10
"""So many failed claims in `LOCK_PERIOD`, over all of a patient's invitations, lock the patient."""

LOCK_PERIOD = timedelta(hours=24)
"""How long failed claims count together, and how long a patient stays locked after the last one."""

FAILURES_COUNT_FOR = 2 * LOCK_PERIOD
"""Failed claims that are older than this decide nothing."""

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


JOIN_PAGE = "join page"
"""The service's own page as a client. No client has an id with a space, so no client can claim by it."""


def forgiven(typed: str) -> str:
    """Read a code or token as it was meant: letters and digits alone count, in either case and any width.

    Phones, mail programs and copying add the rest: dashes, quotes, full stops, invisible characters. O, I and
    L are read as digits. Source: https://www.crockford.com/base32.html
    """
    meant = filter(str.isalnum, unicodedata.normalize("NFKC", typed))
    return "".join(meant).upper().translate(_FORGIVEN)


def claim_text(random_bytes: bytes) -> str:
    """Write the first 130 bits of `random_bytes` as 26 characters. Raises ValueError for too few bytes."""
    if len(random_bytes) < CLAIM_BYTES:
        raise ValueError("too few bytes to draw from")
    bits = int.from_bytes(random_bytes[:CLAIM_BYTES]) >> (8 * CLAIM_BYTES - 5 * CLAIM_LENGTH)
    return "".join(CROCKFORD_DIGITS[(bits >> 5 * place) & 31] for place in reversed(range(CLAIM_LENGTH)))


class IssuedClaim(Confidential, frozen=True):
    """The proof that a patient holds an invitation. It confirms the registration once, before it expires."""

    claim: str
    expires_at: datetime


class PairUnknown(Struct, frozen=True):
    """No invitation has this code and this token. It is not said which of the two is wrong."""


class BirthDateWrong(Struct, frozen=True):
    """Code and token are right, and the date of birth is not. `attempts_left` may be 0."""

    attempts_left: int


class InvitationExpired(Struct, frozen=True):
    """Code and token are right, and the invitation has expired."""


class InvitationSpent(Struct, frozen=True):
    """Code and token are right, and the invitation was used or revoked."""


class InvitationLocked(Struct, frozen=True):
    """Code and token are right, and too many attempts have failed on the invitation or for the patient."""


class NoLongerEligible(Struct, frozen=True):
    """The patient may no longer be invited. Callers do not learn why."""


ClaimClosed: TypeAlias = InvitationExpired | InvitationSpent | InvitationLocked
"""Why an invitation cannot be claimed, whatever is typed."""

ClaimRefused: TypeAlias = PairUnknown | BirthDateWrong | ClaimClosed | NoLongerEligible


class ClaimOver(Struct, frozen=True):
    """The client has no such claim, or it has expired, was replaced by a newer one, or was revoked."""


ConfirmationRefused: TypeAlias = ClaimOver | NoLongerEligible


class ConfirmedRegistration(Confidential, frozen=True):
    """The patient who has registered, and the organisation that invited them."""

    identifiers: Sequence[PatientIdentifier]
    organisation_id: OrganisationId
    registered_at: datetime


class InvitationToRedeem(Confidential, frozen=True):
    """An invitation, its patient as its organisation sees them, and what decides whether it is redeemed.

    `failures` are the failed claims on all of the patient's invitations, as far back as they count.
    `claimed_by` is the client that claimed it last, or that redeemed it.
    """

    patient: Patient
    identifiers: Sequence[PatientIdentifier]
    organisation_id: OrganisationId
    organisation_enabled: bool
    token_digest: bytes
    key_id: str
    life: InvitationLife
    failures: Sequence[datetime] = ()
    claimed_by: str | None = None

    def over(self, now: datetime) -> InvitationExpired | InvitationSpent | None:
        """Say whether it was spent, or else has expired."""
        if self.life.redeemed_at is not None or self.life.revoked_at is not None:
            return InvitationSpent()
        return InvitationExpired() if now >= self.life.expires_at else None

    def closed(self, now: datetime) -> ClaimClosed | None:
        """Say why it cannot be claimed at a moment, if it cannot."""
        over = self.over(now)
        if over is not None:
            return over
        if self.life.failed_attempts >= MAX_FAILED_ATTEMPTS or self._patient_is_locked(now):
            return InvitationLocked()
        return None

    def _patient_is_locked(self, now: datetime) -> bool:
        # nothing is counted while the patient is locked, so the last failure is the one that locked
        last = max(self.failures, default=None)
        return (
            last is not None and now < last + LOCK_PERIOD and _until(last, self.failures) >= MAX_FAILED_CLAIMS
        )

    def attempts_left(self, now: datetime) -> int:
        """Count the attempts that are left after one more has failed."""
        of_invitation = MAX_FAILED_ATTEMPTS - self.life.failed_attempts
        of_patient = MAX_FAILED_CLAIMS - _until(now, self.failures)
        return max(min(of_invitation, of_patient) - 1, 0)

    def is_confirmed_by(self, client_id: str, now: datetime) -> bool:
        """Return whether a client may confirm its claim at a moment, or has confirmed it.

        The page makes claims for the portal to which it sends the patient.
        """
        if self.claimed_by not in {client_id, JOIN_PAGE}:
            return False
        if self.life.redeemed_at is not None:
            return True
        expires_at = self.life.claim_expires_at
        return self.life.revoked_at is None and expires_at is not None and now < expires_at

    def registration(self, registered_at: datetime) -> ConfirmedRegistration:
        """Give the registration that redeems it."""
        return ConfirmedRegistration(self.identifiers, self.organisation_id, registered_at)

    def ineligible(self, policy: EligibilityPolicy, today: date) -> OmissionReason | None:
        """Say why the patient may no longer be invited, if so. A disabled organisation has none."""
        if not self.organisation_enabled:
            return OmissionReason.NO_CARE_RELATIONSHIP
        assessed = policy.assess(self.patient, today)
        return assessed.swap().value_or(None)


def _until(moment: datetime, failures: Sequence[datetime]) -> int:
    return sum(moment - LOCK_PERIOD < failed_at <= moment for failed_at in failures)


class Attempt(Confidential, frozen=True):
    """An attempt on an invitation as it stood before. It was counted, unless the invitation is closed."""

    invitation: InvitationToRedeem
    at: datetime

    @property
    def closed(self) -> ClaimClosed | None:
        """Why the attempt was not counted, if it was not."""
        return self.invitation.closed(self.at)


_NO_DIGEST = bytes(32)
_NO_DATE = date.min


def judge(
    attempt: Attempt | None, typed_tokens: Mapping[str, bytes], birth_date: date
) -> Result[Attempt, ClaimRefused]:
    """Compare what was typed with the invitation, if there is one.

    `typed_tokens` holds the digest of the typed token under each key. The comparisons are the same whatever
    fails first, and take the same time whatever differs.
    """
    expected = _NO_DIGEST if attempt is None else attempt.invitation.token_digest
    typed = _NO_DIGEST if attempt is None else typed_tokens.get(attempt.invitation.key_id, _NO_DIGEST)
    known = None if attempt is None else attempt.invitation.patient.date_of_birth
    token_is_right = compare_digest(expected, typed)
    date_is_right = compare_digest((known or _NO_DATE).isoformat(), birth_date.isoformat())
    if attempt is None or not token_is_right:
        return Failure(PairUnknown())
    if attempt.closed is not None:
        return Failure(attempt.closed)
    if known is None:
        # nothing that the patient types can be right
        return Failure(NoLongerEligible())
    if not date_is_right:
        return Failure(BirthDateWrong(attempt.invitation.attempts_left(attempt.at)))
    return Success(attempt)
