"""Invitations: code and token, the digests that are stored of them, and the token that is issued."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from msgspec import Struct
from returns.result import Failure, Result, Success

from domain.confidential import Confidential
from domain.organisations import OrganisationId
from domain.patients import PatientId

SECRET_LENGTH = 10
"""Characters; five bits each, so 50 bits."""

CROCKFORD_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""The digits of Crockford base 32."""

_PAIRS = [first + second for first in CROCKFORD_DIGITS for second in CROCKFORD_DIGITS]
_BYTES = 8
_SHIFTS = (54, 44, 34, 24, 14)


def secret_text(random_bytes: bytes) -> str:
    """Write the first 50 bits of `random_bytes` as ten characters without I, L, O and U.

    Every text is as likely as any other when every byte is. Raises ValueError for fewer than 8 bytes.
    Source: https://www.crockford.com/base32.html
    """
    if len(random_bytes) < _BYTES:
        raise ValueError("too few bytes to draw from")
    bits = int.from_bytes(random_bytes[:_BYTES])
    first, second, third, fourth, fifth = _SHIFTS
    # written out, because a request has a thousand of them
    return (
        _PAIRS[bits >> first]
        + _PAIRS[bits >> second & 0x3FF]
        + _PAIRS[bits >> third & 0x3FF]
        + _PAIRS[bits >> fourth & 0x3FF]
        + _PAIRS[bits >> fifth & 0x3FF]
    )


def is_secret_text(text: str) -> bool:
    """Return whether `secret_text` could have written a text."""
    return len(text) == SECRET_LENGTH and {*text} <= {*CROCKFORD_DIGITS}


RequestId = NewType("RequestId", UUID)
"""Drawn at random for every request; the same for all its invitations and its audit event.

Callers know it as the batch of the invitations.
"""


class MalformedBatch(Struct, frozen=True):
    """The text is not a UUID in its canonical form."""


def read_batch(text: str) -> Result[RequestId, MalformedBatch]:
    """Read a batch as a caller wrote it, in either case."""
    try:
        batch = UUID(text)
    except ValueError:
        return Failure(MalformedBatch())
    return Success(RequestId(batch)) if str(batch) == text.lower() else Failure(MalformedBatch())


class InvitationToken(Confidential, frozen=True):
    """What the patient types in at registration, together with the date of birth, before it expires."""

    code: str
    token: str
    expires_at: datetime


class Invitation(Struct, frozen=True):
    """A patient's invitation on behalf of an organisation. It holds digests of code and token, never the two.

    `key_id` names the key that both the digests and the secrets were derived under.
    """

    patient_id: PatientId
    organisation_id: OrganisationId
    request_id: RequestId
    code_digest: bytes
    token_digest: bytes
    key_id: str
    issued_at: datetime
    expires_at: datetime


class InvitationState(StrEnum):
    """What has become of an invitation."""

    PENDING = "pending"
    CLAIMED = "claimed"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    LOCKED = "locked"


class RevocationReason(StrEnum):
    """Why an invitation was revoked. The last three are the service's own reasons."""

    MISPRINTED = "misprinted"
    RETURNED_MAIL = "returned-mail"
    WRONG_ADDRESS = "wrong-address"
    OPTED_OUT = "opted-out"
    OTHER = "other"
    HELD = "held"
    CARE_ENDED = "care-ended"
    IDENTIFIER_UNLINKED = "identifier-unlinked"
    REGISTERED = "registered"


CALLER_REASONS = (
    RevocationReason.MISPRINTED,
    RevocationReason.RETURNED_MAIL,
    RevocationReason.WRONG_ADDRESS,
    RevocationReason.OPTED_OUT,
    RevocationReason.OTHER,
)
"""The reasons that a caller may give."""


MAX_FAILED_ATTEMPTS = 5
"""So many failed claims lock an invitation."""


class InvitationLife(Struct, frozen=True):
    """The moments in the life of an invitation, and the claims that failed."""

    issued_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None = None
    revoked_at: datetime | None = None
    failed_attempts: int = 0
    claim_expires_at: datetime | None = None

    def state(self, now: datetime) -> InvitationState:
        """Give the state at a moment. A claim that was made in time outlasts the expiry of the invitation."""
        if self.redeemed_at is not None:
            return InvitationState.REDEEMED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        if self.claim_expires_at is not None and now < self.claim_expires_at:
            return InvitationState.CLAIMED
        if now >= self.expires_at:
            return InvitationState.EXPIRED
        if self.failed_attempts >= MAX_FAILED_ATTEMPTS:
            return InvitationState.LOCKED
        return InvitationState.PENDING


class PatientInvitation(Struct, frozen=True):
    """An invitation of a patient: its batch, and its life so far."""

    batch: RequestId
    life: InvitationLife


class InvitationStatus(Struct, frozen=True):
    """What has become of a patient's latest invitation; `pending` counts all that the patient may claim.

    All but the count is None for a patient without an invitation.
    """

    state: InvitationState | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    pending: int = 0


def invitation_status(
    invitations: Sequence[PatientInvitation], now: datetime, batch: RequestId | None = None
) -> InvitationStatus:
    """Give the status of a patient with these invitations, which are in the order of their issue.

    The latest invitation is that of `batch`, if one is named.
    """
    pending = sum(each.life.state(now) is InvitationState.PENDING for each in invitations)
    lives = [each.life for each in invitations if batch in {None, each.batch}]
    if not lives:
        return InvitationStatus(pending=pending)
    latest = lives[-1]
    return InvitationStatus(latest.state(now), latest.issued_at, latest.expires_at, pending)


_SCHEMES = ("http://", "https://")
_YEARS = range(2000, 3000)
"""In the first and the last year of Python's dates, some moments have no date in other time zones."""
_VISIBLE = re.compile(r"[\x21-\x7e]+")


class IssuedInvitation(Confidential, frozen=True):
    """Code, token and expiry, and the URL that carries code and token for patients who scan it.

    Raises ValueError, whose text quotes none of them, if they do not belong together.
    """

    invitation_token: InvitationToken
    join_url: str

    def __post_init__(self) -> None:
        """Refuse values that no service issues, and a URL that does not carry the code and the token."""
        secrets = (self.invitation_token.code, self.invitation_token.token)
        if not all(map(is_secret_text, secrets)):
            raise ValueError("code and token are not ten characters of Crockford base 32")
        if self.invitation_token.expires_at.tzinfo is None:
            raise ValueError("the expiry names no time zone")
        if self.invitation_token.expires_at.year not in _YEARS:
            raise ValueError("the expiry is not in this millennium")
        if not (self.join_url.startswith(_SCHEMES) and _VISIBLE.fullmatch(self.join_url)):
            raise ValueError("the join URL is not a web address")
        if not all(secret in self.join_url for secret in secrets):
            raise ValueError("the join URL does not carry the code and the token")

    @property
    def website(self) -> str:
        """The address that people type: without scheme, code and token."""
        return self.join_url.partition("://")[2].partition("?")[0].rstrip("/")
