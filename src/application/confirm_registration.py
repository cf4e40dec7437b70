"""Use case: confirm that a patient has registered, which spends the invitation."""

from functools import partial

from returns.result import Failure, Result, Success

from application.audit_recorder import AuditRecorder
from application.ports.redemption import Decision, Redeemed, RedemptionRepository, RedemptionSecrets
from application.ports.system import Clock
from domain.access import Operation
from domain.audit import AuditEvent, Outcome
from domain.confidential import Confidential
from domain.eligibility import EligibilityPolicy, OmissionReason
from domain.redemption import (
    ClaimOver,
    ConfirmationRefused,
    ConfirmedRegistration,
    InvitationToRedeem,
    NoLongerEligible,
)


class ConfirmCommand(Confidential, frozen=True):
    """The claim of a patient who has registered, and the portal where they did."""

    client_id: str
    claim: str


class ConfirmRegistration:
    """Confirm the registration of the patient whose invitation was claimed.

    - Only the client that claimed the invitation confirms it, before the claim expires. A claim that the
      patient made at the join page is confirmed by any client, and from then on is that client's.
    - The patient must still be eligible.
    - Together with the audit event, the invitation is spent, the patient is registered, and the patient's
      other open invitations are revoked.
    - The same claim again gets the same answer.
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

    async def __call__(self, command: ConfirmCommand) -> Result[ConfirmedRegistration, ConfirmationRefused]:
        """Return the registration, or why it is refused. Raises `Unavailable`."""
        return await self._invitations.by_claim(
            self._keyed.claim_digests(command.claim),
            partial(self._decide, command.client_id),
        )

    def _decide(
        self, client_id: str, invitation: InvitationToRedeem | None
    ) -> tuple[Decision, Result[ConfirmedRegistration, ConfirmationRefused]]:
        now = self._clock.instant()
        if invitation is None or not invitation.is_confirmed_by(client_id, now):
            event = self._event(client_id, Outcome.CLAIM_OVER, invitation)
            return Decision(None, event), Failure(ClaimOver())
        redeemed_at = invitation.life.redeemed_at
        if redeemed_at is not None:
            event = self._event(client_id, Outcome.ANSWERED_AGAIN, invitation)
            return Decision(None, event), Success(invitation.registration(redeemed_at))
        ineligible = invitation.ineligible(self._policy, self._clock.today())
        if ineligible is not None:
            event = self._event(client_id, Outcome.NO_LONGER_ELIGIBLE, invitation, ineligible)
            return Decision(None, event), Failure(NoLongerEligible())
        event = self._event(client_id, Outcome.CARRIED_OUT, invitation)
        return Decision(Redeemed(now, client_id), event), Success(invitation.registration(now))

    def _event(
        self,
        client_id: str,
        outcome: Outcome,
        invitation: InvitationToRedeem | None,
        reason: OmissionReason | None = None,
    ) -> AuditEvent:
        return self._record.redemption(Operation.CONFIRM_REGISTRATION, outcome, client_id, invitation, reason)
