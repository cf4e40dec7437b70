"""The contract of `PatientInvitations`.

The consumer supplies the fixtures `invitation_repository`, empty, `patient_invitations`, which finds what is
stored there, and `lived`, which writes the life of an invitation.
"""

from datetime import timedelta

from application.ports.invitations import InvitationRepository, PatientInvitations
from domain.invitations import InvitationLife, PatientInvitation
from tests.builders import HOSPITAL, NOW, OTHER_HOSPITAL, a_patient_id, a_request_id
from tests.contracts.invitation_lives import Lived, a_life, code_of, issue

A_DAY = timedelta(days=1)


def _invitation(batch: int, life: InvitationLife) -> PatientInvitation:
    return PatientInvitation(a_request_id(batch), life)


class PatientInvitationsContract:
    async def test_each_patient_has_their_invitations_in_the_order_of_their_issue(
        self,
        invitation_repository: InvitationRepository,
        patient_invitations: PatientInvitations,
        lived: Lived,
    ) -> None:
        await issue(invitation_repository, 1, 1, 2)
        await issue(invitation_repository, 2, 2, 3)
        later = a_life(issued_at=NOW + A_DAY)
        await lived(code_of(2, 2), later)

        found = await patient_invitations.find(HOSPITAL, [a_patient_id(2), a_patient_id(1)])

        assert found == {
            a_patient_id(1): [_invitation(1, a_life())],
            a_patient_id(2): [_invitation(1, a_life()), _invitation(2, later)],
        }

    async def test_an_invitation_has_the_life_that_it_led(
        self,
        invitation_repository: InvitationRepository,
        patient_invitations: PatientInvitations,
        lived: Lived,
    ) -> None:
        await issue(invitation_repository, 1, 1)
        life = a_life(
            redeemed_at=NOW + A_DAY,
            revoked_at=NOW + 2 * A_DAY,
            failed_attempts=3,
            claim_expires_at=NOW + 3 * A_DAY,
        )

        await lived(code_of(1, 1), life)

        assert await patient_invitations.find(HOSPITAL, [a_patient_id(1)]) == {
            a_patient_id(1): [_invitation(1, life)]
        }

    async def test_invitations_of_another_organisation_are_not_found(
        self, invitation_repository: InvitationRepository, patient_invitations: PatientInvitations
    ) -> None:
        await issue(invitation_repository, 1, 1, organisation_id=OTHER_HOSPITAL)

        assert await patient_invitations.find(HOSPITAL, [a_patient_id(1)]) == {}

    async def test_of_nobody_nothing_is_found(self, patient_invitations: PatientInvitations) -> None:
        assert await patient_invitations.find(HOSPITAL, []) == {}
