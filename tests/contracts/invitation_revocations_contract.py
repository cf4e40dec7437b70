"""The contract of `InvitationRevocations`.

The consumer supplies the fixtures of the contracts of invitations, idempotency records and audit events, and
`invitation_revocations`, which revokes what is stored there.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from msgspec import structs

from application.ports.audit import AuditRepository
from application.ports.invitations import (
    IdempotencyRepository,
    InvitationRepository,
    InvitationRevocations,
    PatientInvitations,
    Revocation,
    RevokedInvitations,
)
from domain.audit import AuditEvent
from domain.invitations import InvitationLife, RequestId, RevocationReason
from tests.builders import (
    EXPIRY,
    HOSPITAL,
    NOW,
    OTHER_HOSPITAL,
    a_patient_id,
    a_remembered_request,
    a_request_id,
    a_request_name,
    an_audit_event,
)
from tests.contracts.invitation_lives import Lived, a_life, code_of, issue

AN_HOUR = timedelta(hours=1)
LATER = NOW + AN_HOUR
EVENT = structs.replace(an_audit_event(99), recorded_at=LATER)


def revocation(*patients: int, batch: int | None = None) -> Revocation:
    return Revocation(
        HOSPITAL,
        [a_patient_id(each) for each in patients],
        None if batch is None else a_request_id(batch),
        RevocationReason.MISPRINTED,
        LATER,
    )


def an_event(_revoked: RevokedInvitations) -> AuditEvent:
    return EVENT


def revoked(*patients: int, redeemed: Sequence[int] = ()) -> RevokedInvitations:
    """Foresee the revocation of one invitation of each of these patients."""
    return RevokedInvitations(
        len(patients), tuple(map(a_patient_id, patients)), frozenset(map(a_patient_id, redeemed))
    )


async def moments(invitations: PatientInvitations, *patients: int) -> Mapping[tuple[int, RequestId], bool]:
    """Say of each patient and batch whether the invitation was revoked, and only then."""
    found = await invitations.find(HOSPITAL, [a_patient_id(each) for each in patients])
    return {
        (patient_id.int, each.batch): each.life.revoked_at == LATER
        for patient_id, all_of_patient in found.items()
        for each in all_of_patient
    }


class InvitationRevocationsContract:
    async def test_all_invitations_of_the_patients_are_revoked_in_whatever_batch(
        self,
        invitation_repository: InvitationRepository,
        invitation_revocations: InvitationRevocations,
        patient_invitations: PatientInvitations,
    ) -> None:
        await issue(invitation_repository, 1, 1, 2)
        await issue(invitation_repository, 2, 1)

        done = await invitation_revocations.revoke(revocation(1), an_event)

        assert done == structs.replace(revoked(1), count=2)
        assert await moments(patient_invitations, 1, 2) == {
            (1, a_request_id(1)): True,
            (1, a_request_id(2)): True,
            (2, a_request_id(1)): False,
        }

    async def test_of_a_batch_only_its_own_invitations_are_revoked(
        self,
        invitation_repository: InvitationRepository,
        invitation_revocations: InvitationRevocations,
        patient_invitations: PatientInvitations,
    ) -> None:
        await issue(invitation_repository, 1, 1)
        await issue(invitation_repository, 2, 1)

        done = await invitation_revocations.revoke(revocation(1, batch=2), an_event)

        assert done == revoked(1)
        assert await moments(patient_invitations, 1) == {
            (1, a_request_id(1)): False,
            (1, a_request_id(2)): True,
        }

    async def test_invitations_of_another_organisation_stay(
        self, invitation_repository: InvitationRepository, invitation_revocations: InvitationRevocations
    ) -> None:
        await issue(invitation_repository, 1, 1, organisation_id=OTHER_HOSPITAL)

        assert await invitation_revocations.revoke(revocation(1), an_event) == revoked()

    async def test_what_is_revoked_is_revoked_once(
        self, invitation_repository: InvitationRepository, invitation_revocations: InvitationRevocations
    ) -> None:
        await issue(invitation_repository, 1, 1)
        await invitation_revocations.revoke(revocation(1), an_event)

        assert await invitation_revocations.revoke(revocation(1), an_event) == revoked()

    async def test_what_was_redeemed_stays_redeemed_and_is_reported(
        self,
        invitation_repository: InvitationRepository,
        invitation_revocations: InvitationRevocations,
        patient_invitations: PatientInvitations,
        lived: Lived,
    ) -> None:
        await issue(invitation_repository, 1, 1, 2)
        await lived(code_of(1, 1), a_life(redeemed_at=NOW))

        done = await invitation_revocations.revoke(revocation(1, 2), an_event)

        assert done == revoked(2, redeemed=[1])
        assert await moments(patient_invitations, 1) == {(1, a_request_id(1)): False}

    @pytest.mark.parametrize(
        ("life", "is_revoked"),
        [
            pytest.param(a_life(expires_at=LATER), False, id="expired"),
            pytest.param(a_life(failed_attempts=5), True, id="locked"),
            pytest.param(a_life(claim_expires_at=EXPIRY), True, id="claimed"),
            pytest.param(
                a_life(expires_at=LATER, claim_expires_at=LATER + AN_HOUR), True, id="claimed-in-time"
            ),
            pytest.param(
                a_life(expires_at=LATER, claim_expires_at=LATER), False, id="expired-with-its-claim"
            ),
        ],
    )
    async def test_an_invitation_is_revoked_if_it_could_still_be_claimed_or_confirmed(
        self,
        invitation_repository: InvitationRepository,
        invitation_revocations: InvitationRevocations,
        lived: Lived,
        life: InvitationLife,
        is_revoked: bool,  # noqa: FBT001 - a case
    ) -> None:
        await issue(invitation_repository, 1, 1)
        await lived(code_of(1, 1), life)

        done = await invitation_revocations.revoke(revocation(1), an_event)

        assert done == (revoked(1) if is_revoked else revoked())

    async def test_the_audit_event_is_stored_that_is_made_of_the_outcome(
        self,
        invitation_repository: InvitationRepository,
        invitation_revocations: InvitationRevocations,
        audit_repository: AuditRepository,
    ) -> None:
        await issue(invitation_repository, 1, 1, 2)

        await invitation_revocations.revoke(
            revocation(1, 2, batch=1),
            lambda done: structs.replace(
                EVENT, revoked_patients=done.patients, batch=a_request_id(1), reason="misprinted"
            ),
        )

        [event] = [each async for each in audit_repository.between(LATER, LATER + AN_HOUR)]
        assert {*event.revoked_patients} == {a_patient_id(1), a_patient_id(2)}
        assert (event.batch, event.reason) == (a_request_id(1), "misprinted")

    @pytest.mark.parametrize(
        ("asked", "is_revoked"),
        [
            pytest.param(revocation(1, batch=1), True, id="batch"),
            pytest.param(revocation(1, batch=2), False, id="another-batch"),
            pytest.param(revocation(1), False, id="its-patients"),
        ],
    )
    async def test_a_request_is_known_as_revoked_once_its_batch_was(
        self,
        invitation_repository: InvitationRepository,
        invitation_revocations: InvitationRevocations,
        idempotency_repository: IdempotencyRepository,
        asked: Revocation,
        is_revoked: bool,  # noqa: FBT001 - a case
    ) -> None:
        await issue(invitation_repository, 1, 1, remembered=a_remembered_request(1))
        await issue(invitation_repository, 2, 1)

        await invitation_revocations.revoke(asked, an_event)

        found = await idempotency_repository.find(a_request_name(), NOW)
        assert found is not None
        assert found.revoked is is_revoked
