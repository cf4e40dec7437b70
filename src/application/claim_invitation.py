"""Use case: claim an invitation by what a patient has typed in."""

from datetime import date, datetime
from functools import partial
from typing import assert_never

from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.ports.redemption import (
    AttemptCounted,
    AttemptNotCounted,
    AttemptTakenBack,
    Claimed,
    Decision,
    RedemptionRepository,
    RedemptionSecrets,
    TypedDigests,
)
from application.ports.system import Clock
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.confidential import Confidential
from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.redemption import (
    CLAIM_LIFETIME,
    FAILURES_COUNT_FOR,
    Attempt,
    BirthDateWrong,
    ClaimRefused,
    InvitationExpired,
    InvitationLocked,
    InvitationSpent,
    InvitationToRedeem,
    IssuedClaim,
    NoLongerEligible,
    PairUnknown,
    forgiven,
    judge,
)
from domain.results import failed


class ClaimCommand(Confidential, frozen=True):
    """What a patient has typed in: code, token and date of birth. The client is the portal that asks."""

    client_id: str
    code: str
    token: str
    birth_date: date


class ClaimInvitation:
    """Claim the invitation of a patient who proves to hold it.

    - Case, all but letters and digits, and letters that look like digits are forgiven.
    - An attempt is counted and stored before anything is compared; it is taken back if it was right.
    - Five failed attempts lock an invitation; ten in 24 hours lock a patient for 24 hours.
    - An unknown code counts against the caller alone, and locks no patient.
    - The patient must still be eligible. The claim lasts 24 hours, and replaces an older one.
    - Every attempt is recorded in the audit before it is answered.
    """

    def __init__(
        self,
        invitations: RedemptionRepository,
        secrets: RedemptionSecrets,
        policy: EligibilityPolicy,
        record: AuditRecorder,
        clock: Clock,
    ) -> None:
        """Judge who may still register by `policy`."""
        self._invitations = invitations
        self._keyed = secrets
        self._policy = policy
        self._record = record
        self._clock = clock

    async def __call__(self, command: ClaimCommand) -> Result[IssuedClaim, ClaimRefused]:
        """Return the claim, or why there is none. Raises `Unavailable`; the attempt may then be counted."""
        typed = self._keyed.digests(forgiven(command.code), forgiven(command.token))
        at = self._clock.instant()
        attempt = await self._invitations.by_code(
            [*typed.codes.values()], at - FAILURES_COUNT_FOR, partial(_count, at)
        )
        judged = judge(attempt, typed.tokens, command.birth_date)
        if failed(judged):
            await self._record.complete(self._event(command.client_id, attempt, judged.failure()))
            return Failure(judged.failure())
        return await self._claim(command.client_id, typed, judged.unwrap())

    async def _claim(
        self, client_id: str, typed: TypedDigests, attempt: Attempt
    ) -> Result[IssuedClaim, ClaimRefused]:
        drawn = self._keyed.draw_claim()

        def settle(
            invitation: InvitationToRedeem | None,
        ) -> tuple[Decision, Result[IssuedClaim, ClaimRefused]]:
            now = self._clock.instant()
            if invitation is None:
                event = self._event(client_id, None, PairUnknown())
                return Decision(None, event), Failure(PairUnknown())
            refused = invitation.over(now) or (NoLongerEligible() if self._ineligible(invitation) else None)
            if refused is not None:
                event = self._event(client_id, Attempt(invitation, attempt.at), refused)
                return Decision(AttemptTakenBack(attempt.at), event), Failure(refused)
            event = self._record.redemption(
                Operation.CLAIM_INVITATION, Outcome.CARRIED_OUT, client_id, invitation
            )
            claimed = Claimed(attempt.at, client_id, drawn.digest, now, now + CLAIM_LIFETIME)
            return Decision(claimed, event), Success(IssuedClaim(drawn.claim, claimed.expires_at))

        return await self._invitations.by_code(
            [*typed.codes.values()], attempt.at - FAILURES_COUNT_FOR, settle
        )

    def _ineligible(self, invitation: InvitationToRedeem) -> OmissionReason | None:
        return invitation.ineligible(self._policy, self._clock.today())

    def _event(self, client_id: str, attempt: Attempt | None, refused: ClaimRefused) -> AuditEvent:
        outcome = _outcome(refused, attempt)
        if attempt is None:
            return self._record.redemption(Operation.CLAIM_INVITATION, outcome, client_id)
        invitation = attempt.invitation
        reason = self._ineligible(invitation) if isinstance(refused, NoLongerEligible) else None
        return self._record.redemption(Operation.CLAIM_INVITATION, outcome, client_id, invitation, reason)


def _count(at: datetime, invitation: InvitationToRedeem | None) -> tuple[Decision, Attempt | None]:
    attempt = None if invitation is None else Attempt(invitation, at)
    if attempt is None or attempt.closed is not None:
        return Decision(AttemptNotCounted(at)), attempt
    return Decision(AttemptCounted(at)), attempt


def _outcome(refused: ClaimRefused, attempt: Attempt | None) -> Outcome:
    match refused:
        case PairUnknown():
            return Outcome.CODE_UNKNOWN if attempt is None else Outcome.TOKEN_WRONG
        case BirthDateWrong():
            return Outcome.BIRTH_DATE_WRONG
        case InvitationExpired():
            return Outcome.INVITATION_EXPIRED
        case InvitationSpent():
            return Outcome.INVITATION_SPENT
        case InvitationLocked():
            return Outcome.INVITATION_LOCKED
        case NoLongerEligible():
            return Outcome.NO_LONGER_ELIGIBLE
        case _:
            assert_never(refused)
