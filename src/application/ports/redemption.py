"""The ports to redemption: the digests of what patients type in, claims, and the invitations they redeem."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from msgspec import Struct

from domain.audit import AuditEvent
from domain.confidential import Confidential
from domain.redemption import InvitationToRedeem

T = TypeVar("T")


class TypedDigests(Confidential, frozen=True):
    """The digests of a code and a token that were typed in, under each key of the ring, by key id."""

    codes: Mapping[str, bytes]
    tokens: Mapping[str, bytes]


class DrawnClaim(Confidential, frozen=True):
    """A claim, and the digest that is stored instead."""

    claim: str
    digest: bytes


class RedemptionSecrets(Protocol):
    """Digests what callers present, under every key of the ring, and draws claims."""

    def digests(self, code: str, token: str) -> TypedDigests:
        """Digest a code and a token, whatever they hold."""
        ...

    def draw_claim(self) -> DrawnClaim:
        """Draw an unpredictable claim, and digest it under the key that signs now."""
        ...

    def claim_digests(self, claim: str) -> Sequence[bytes]:
        """Digest a claim under each key of the ring."""
        ...


class AttemptCounted(Struct, frozen=True):
    """One more attempt has failed, unless it is taken back."""

    at: datetime


class AttemptNotCounted(Struct, frozen=True):
    """Nothing is stored, by as much work as if the attempt was counted. So its time gives nothing away."""

    at: datetime


class AttemptTakenBack(Struct, frozen=True):
    """The attempt that was counted at this moment has not failed."""

    at: datetime


class Claimed(Struct, frozen=True):
    """The client has a claim, which replaces any other on the invitation. The attempt has not failed."""

    attempt_at: datetime
    client_id: str
    digest: bytes
    claimed_at: datetime
    expires_at: datetime


class Redeemed(Struct, frozen=True):
    """The invitation is spent, the patient is registered, and their other open invitations are revoked.

    The claim belongs to the client from now on.
    """

    at: datetime
    client_id: str


InvitationChange: TypeAlias = AttemptCounted | AttemptNotCounted | AttemptTakenBack | Claimed | Redeemed


class Decision(Struct, frozen=True):
    """What changes about an invitation, if anything, and the audit event, if this ends the call."""

    change: InvitationChange | None = None
    event: AuditEvent | None = None


Decide: TypeAlias = Callable[[InvitationToRedeem | None], tuple[Decision, T]]
"""Takes the invitation, and says what becomes of it; it may be called several times.

Without an invitation, nothing can change: only an attempt can be left uncounted.
"""


class RedemptionRepository(Protocol):
    """Finds an invitation by a secret, and changes it.

    Each method is one transaction. What `decide` decided on is still so when the change and the event are
    stored, whatever others do to the invitation, its patient, or the patient's other invitations at the same
    time. The result outlives a crash. All methods raise `Unavailable`; everything is stored then, or nothing.
    """

    async def by_code(self, code_digests: Sequence[bytes], since: datetime, decide: Decide[T]) -> T:
        """Find the invitation whose code has one of these digests, with the failed claims from `since` on.

        One statement looks up all digests. A code that does not exist takes as much work as one that does.
        """
        ...

    async def by_claim(self, claim_digests: Sequence[bytes], decide: Decide[T]) -> T:
        """Find the invitation whose latest claim has one of these digests, with the patient's identifiers."""
        ...


class FailedClaims(Protocol):
    """Deletes failed claims that no longer lock anybody."""

    async def forget(self, before: datetime) -> int:
        """Delete the claims that failed before a moment, and return how many. Raises `Unavailable`."""
        ...
