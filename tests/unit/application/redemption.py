"""Two patients with invitations, and what redeems them, on fakes."""

from collections.abc import Callable
from datetime import date

from returns.result import Result

from application.claim_invitation import ClaimCommand, ClaimInvitation
from application.confirm_registration import ConfirmCommand, ConfirmRegistration
from application.ports.audit import AuditRepository
from application.ports.invitations import DrawnSecrets
from application.ports.redemption import RedemptionRepository
from domain.eligibility import EligibilityPolicy
from domain.invitations import Invitation
from domain.redemption import ClaimRefused, ConfirmationRefused, ConfirmedRegistration, IssuedClaim
from tests.builders import (
    ADULT,
    CHI,
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    TODAY,
    a_patient_id,
    a_report,
    a_request_id,
    an_identifier,
    reported,
)
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.patient_report_repository import InMemoryPatientReportRepository
from tests.fakes.redemption_repository import InMemoryRedemptions
from tests.fakes.redemption_secrets import HashingRedemptionSecrets
from tests.fakes.token_generator import HashingTokenGenerator
from tests.unit.application.call_record import a_call_record

PORTAL = "portal"
IDENTIFIERS = [an_identifier(1, NHS), an_identifier(1, CHI)]


class Redemption:
    """A patient with a birth date of 1 April 1980, and the use cases. `issue` gives an invitation."""

    def __init__(
        self,
        around: Callable[[InMemoryRedemptions], RedemptionRepository] = lambda redemptions: redemptions,
        trail: AuditRepository | None = None,
    ) -> None:
        self.trail = InMemoryAuditRepository()
        self.clock = FixedClock(NOW, TODAY)
        self.register = InMemoryPatientReportRepository()
        self.invitations = InMemoryInvitationRepository(self.trail)
        self.redemptions = InMemoryRedemptions(self.invitations, self.register)
        self.secrets = HashingRedemptionSecrets()
        self._requests = 0
        parts = (
            around(self.redemptions),
            self.secrets,
            EligibilityPolicy(),
            a_call_record(trail or self.trail, self.clock),
            self.clock,
        )
        self.claim_invitation = ClaimInvitation(*parts)
        self.confirm_registration = ConfirmRegistration(*parts)

    async def bring_in(self) -> None:
        await reported(self.register, a_report(*IDENTIFIERS))

    def issue(self, patient: int = 1) -> DrawnSecrets:
        self._requests += 1
        [drawn] = HashingTokenGenerator().draw(a_request_id(self._requests), [a_patient_id(patient)], 0)
        self.invitations.invitations.append(
            Invitation(
                a_patient_id(patient),
                HOSPITAL,
                a_request_id(self._requests),
                drawn.code_digest,
                drawn.token_digest,
                drawn.key_id,
                NOW,
                EXPIRY,
            )
        )
        return drawn

    async def claim(
        self,
        secrets: DrawnSecrets,
        birth_date: date = ADULT,
        *,
        token: str | None = None,
        client: str = PORTAL,
    ) -> Result[IssuedClaim, ClaimRefused]:
        return await self.claim_invitation(
            ClaimCommand(client, secrets.code, secrets.token if token is None else token, birth_date)
        )

    async def confirm(
        self, claim: str, client: str = PORTAL
    ) -> Result[ConfirmedRegistration, ConfirmationRefused]:
        return await self.confirm_registration(ConfirmCommand(client, claim))

    def outcomes(self) -> list[str]:
        return [event.outcome for event in self.trail.events]

    def failed_attempts(self, issued: DrawnSecrets) -> int:
        return self.redemptions.fates[issued.code_digest].life.failed_attempts
