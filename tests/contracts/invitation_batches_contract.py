"""The contract of `InvitationBatches`.

The consumer supplies the fixtures `invitation_repository`, empty, `audit_repository`, in which that one
stores its events, and `invitation_batches`, which finds them.
"""

from msgspec import structs

from application.ports.audit import AuditRepository
from application.ports.invitations import InvitationBatches, InvitationRepository
from domain.access import Operation
from domain.audit import Outcome
from tests.builders import HOSPITAL, OTHER_HOSPITAL, a_patient_id, a_request_id, an_audit_event
from tests.contracts.invitation_lives import issue


class InvitationBatchesContract:
    async def test_a_batch_has_the_patients_who_were_invited_in_it(
        self, invitation_repository: InvitationRepository, invitation_batches: InvitationBatches
    ) -> None:
        await issue(invitation_repository, 1, 1, 2)
        await issue(invitation_repository, 2, 3)

        patients = await invitation_batches.patients(HOSPITAL, a_request_id(1))

        assert patients is not None
        assert [*patients] == [a_patient_id(1), a_patient_id(2)]

    async def test_a_batch_in_which_nobody_was_invited_is_known(
        self, audit_repository: AuditRepository, invitation_batches: InvitationBatches
    ) -> None:
        await audit_repository.record(an_audit_event(1))

        patients = await invitation_batches.patients(HOSPITAL, a_request_id(1))

        assert patients is not None
        assert [*patients] == []

    async def test_a_batch_that_nobody_issued_is_unknown(self, invitation_batches: InvitationBatches) -> None:
        assert await invitation_batches.patients(HOSPITAL, a_request_id(1)) is None

    async def test_a_batch_is_unknown_to_another_organisation(
        self, invitation_repository: InvitationRepository, invitation_batches: InvitationBatches
    ) -> None:
        await issue(invitation_repository, 1, 1)

        assert await invitation_batches.patients(OTHER_HOSPITAL, a_request_id(1)) is None

    async def test_a_request_that_issued_nothing_of_its_own_is_no_batch(
        self, audit_repository: AuditRepository, invitation_batches: InvitationBatches
    ) -> None:
        requests = [
            structs.replace(an_audit_event(1), operation=Operation.STATUS_QUERY),
            structs.replace(an_audit_event(2), outcome=Outcome.ANSWERED_AGAIN),
            structs.replace(an_audit_event(3), outcome=Outcome.THROTTLED),
        ]
        for request in requests:
            await audit_repository.record(request)

        found = [await invitation_batches.patients(HOSPITAL, each.request_id) for each in requests]

        assert found == [None, None, None]
