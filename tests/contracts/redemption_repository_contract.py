"""The contract of `RedemptionRepository`.

The consumer supplies the fixtures `organisation_repository`, `patient_report_repository`,
`invitation_repository`, `redemption_repository` and `failed_claims`, all empty, and `recorded`, which reads
back the id, the outcome and the organisation of the audit events in the order in which they were stored.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import pytest

from application.ports.access import OrganisationRepository
from application.ports.invitations import InvitationRepository
from application.ports.patients import PatientReportRepository
from application.ports.redemption import (
    AttemptCounted,
    AttemptNotCounted,
    AttemptTakenBack,
    Claimed,
    Decision,
    FailedClaims,
    InvitationChange,
    Redeemed,
    RedemptionRepository,
)
from domain.audit import AuditEvent
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from domain.redemption import InvitationToRedeem
from tests.builders import (
    CHI,
    EXPIRY,
    HOSPITAL,
    NHS,
    NOW,
    OTHER_HOSPITAL,
    a_patient,
    a_report,
    a_request_id,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)

Recorded: TypeAlias = Callable[[], Awaitable[list[tuple[RequestId, str, OrganisationId | None]]]]

FIRST, SECOND, OF_ANOTHER, UNKNOWN = (
    an_invitation(code).code_digest for code in ("FIRST", "SECOND", "ANOTHER", "UNKNOWN")
)
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
OLD_CLAIM, CLAIM = bytes(32), bytes([1] * 32)
NHS_1, CHI_1 = an_identifier(1, NHS), an_identifier(1, CHI)


def _decide(decision: Decision, _found: InvitationToRedeem | None) -> tuple[Decision, None]:
    return decision, None


def _claimed(digest: bytes = CLAIM, client_id: str = "portal") -> Claimed:
    return Claimed(NOW, client_id, digest, NOW, LATER)


class RedemptionRepositoryContract:
    @pytest.fixture(autouse=True)
    async def _a_patient_has_two_invitations_and_another_has_one(
        self,
        organisation_repository: OrganisationRepository,
        patient_report_repository: PatientReportRepository,
        invitation_repository: InvitationRepository,
    ) -> None:
        await organisation_repository.add(an_organisation())
        await organisation_repository.add(an_organisation(OTHER_HOSPITAL))
        await reported(patient_report_repository, a_report(NHS_1, CHI_1), a_report(an_identifier(2)))
        await invitation_repository.add([an_invitation("FIRST", patient=1)], an_audit_event(1))
        await invitation_repository.add([an_invitation("SECOND", patient=1)], an_audit_event(2))
        await invitation_repository.add([an_invitation("ANOTHER", patient=2)], an_audit_event(3))

    @pytest.fixture
    def find(self, redemption_repository: RedemptionRepository) -> "Find":
        async def read(*digests: bytes) -> InvitationToRedeem | None:
            return await redemption_repository.by_code(digests, NOW, lambda found: (Decision(), found))

        return read

    @pytest.fixture
    def find_claim(self, redemption_repository: RedemptionRepository) -> "Find":
        async def read(*digests: bytes) -> InvitationToRedeem | None:
            return await redemption_repository.by_claim(digests, lambda found: (Decision(), found))

        return read

    @pytest.fixture
    def change(self, redemption_repository: RedemptionRepository) -> "Change":
        async def store(code: bytes, *changes: InvitationChange, event: AuditEvent | None = None) -> None:
            for each in changes:
                decision = Decision(each, event)
                await redemption_repository.by_code([code], NOW, partial(_decide, decision))

        return store

    async def test_an_invitation_is_found_with_its_patient(self, find: "Find") -> None:
        found = await find(FIRST)

        issued = an_invitation("FIRST")
        assert found is not None
        assert (found.patient, found.organisation_id) == (a_patient(1), HOSPITAL)
        assert (found.token_digest, found.key_id) == (issued.token_digest, issued.key_id)
        assert (found.life.issued_at, found.life.expires_at) == (NOW, EXPIRY)
        assert (found.life.failed_attempts, found.failures, found.claimed_by) == (0, [], None)
        assert found.organisation_enabled

    async def test_an_invitation_is_found_by_any_of_several_digests(self, find: "Find") -> None:
        found = await find(bytes(32), UNKNOWN, OF_ANOTHER, bytes([9] * 32), bytes([8] * 32))

        assert found is not None
        assert found.patient == a_patient(2)

    async def test_no_invitation_has_an_unknown_code(self, find: "Find") -> None:
        assert await find(UNKNOWN) is None

    async def test_a_report_since_the_issue_counts(
        self, patient_report_repository: PatientReportRepository, find: "Find"
    ) -> None:
        await reported(patient_report_repository, a_report(NHS_1, deceased=True, date_of_birth=None))

        found = await find(FIRST)

        assert found is not None
        assert found.patient == a_patient(1, deceased=True, date_of_birth=None)

    async def test_an_attempt_is_counted_for_the_invitation_and_the_patient(
        self, find: "Find", change: "Change"
    ) -> None:
        await change(FIRST, AttemptCounted(NOW), AttemptCounted(SOON))

        found, other, of_another = [await find(each) for each in (FIRST, SECOND, OF_ANOTHER)]

        assert found is not None
        assert other is not None
        assert of_another is not None
        assert (found.life.failed_attempts, sorted(found.failures)) == (2, [NOW, SOON])
        assert (other.life.failed_attempts, sorted(other.failures)) == (0, [NOW, SOON])
        assert (of_another.life.failed_attempts, of_another.failures) == (0, [])

    async def test_failures_are_given_from_the_moment_on_that_is_asked_for(
        self, redemption_repository: RedemptionRepository, change: "Change"
    ) -> None:
        await change(FIRST, AttemptCounted(NOW), AttemptCounted(SOON), AttemptCounted(LATER))

        failures = await redemption_repository.by_code(
            [FIRST], SOON, lambda found: (Decision(), found and sorted(found.failures))
        )

        assert failures == [SOON, LATER]

    async def test_failures_before_a_moment_are_forgotten_and_counted(
        self, failed_claims: FailedClaims, find: "Find", change: "Change"
    ) -> None:
        await change(FIRST, AttemptCounted(NOW), AttemptCounted(SOON), AttemptCounted(LATER))

        forgotten = await failed_claims.forget(before=LATER)

        found = await find(FIRST)
        assert found is not None
        assert (forgotten, found.failures, found.life.failed_attempts) == (2, [LATER], 3)

    @pytest.mark.parametrize("code", [FIRST, UNKNOWN], ids=["known", "unknown"])
    async def test_an_attempt_that_is_not_counted_leaves_nothing(
        self, find: "Find", change: "Change", code: bytes
    ) -> None:
        before = await find(FIRST)

        await change(code, AttemptNotCounted(NOW))

        assert await find(FIRST) == before
        assert before is not None
        assert before.failures == []

    async def test_of_two_attempts_at_one_moment_one_is_taken_back(
        self, find: "Find", change: "Change"
    ) -> None:
        await change(FIRST, AttemptCounted(NOW), AttemptCounted(NOW), AttemptTakenBack(NOW))

        found = await find(FIRST)

        assert found is not None
        assert (found.life.failed_attempts, found.failures) == (1, [NOW])

    async def test_a_claim_is_found_with_the_identifiers_of_its_patient(
        self, find_claim: "Find", change: "Change"
    ) -> None:
        await change(FIRST, AttemptCounted(NOW), _claimed())

        found = await find_claim(bytes([7] * 32), CLAIM)

        assert found is not None
        assert (found.patient, found.claimed_by) == (a_patient(1), "portal")
        assert {*found.identifiers} == {NHS_1, CHI_1}
        assert (found.life.failed_attempts, found.life.claim_expires_at) == (0, LATER)

    async def test_a_claim_takes_its_attempt_back(self, find: "Find", change: "Change") -> None:
        await change(FIRST, AttemptCounted(NOW), _claimed())

        found = await find(SECOND)

        assert found is not None
        assert found.failures == []

    async def test_a_newer_claim_replaces_an_older_one(self, find_claim: "Find", change: "Change") -> None:
        await change(FIRST, AttemptCounted(NOW), _claimed(OLD_CLAIM, "other portal"))
        await change(FIRST, AttemptCounted(NOW), _claimed(CLAIM))

        older, newer = await find_claim(OLD_CLAIM), await find_claim(CLAIM)

        assert older is None
        assert newer is not None
        assert newer.claimed_by == "portal"

    async def test_no_invitation_has_an_unknown_claim(self, find_claim: "Find") -> None:
        assert await find_claim(CLAIM) is None

    async def test_a_redeemed_invitation_registers_its_patient_and_revokes_the_others_that_are_open(
        self, find: "Find", change: "Change"
    ) -> None:
        await change(FIRST, Redeemed(SOON, "another portal"))

        found, other, of_another = [await find(each) for each in (FIRST, SECOND, OF_ANOTHER)]

        assert found is not None
        assert other is not None
        assert of_another is not None
        assert (found.life.redeemed_at, found.life.revoked_at) == (SOON, None)
        assert found.claimed_by == "another portal"
        assert (other.life.redeemed_at, other.life.revoked_at) == (None, SOON)
        assert (of_another.life.redeemed_at, of_another.life.revoked_at) == (None, None)
        assert (found.patient.registered, of_another.patient.registered) == (True, False)

    async def test_an_invitation_that_has_expired_is_not_revoked_by_registration(
        self, find: "Find", change: "Change"
    ) -> None:
        await change(FIRST, Redeemed(EXPIRY, "portal"))

        other = await find(SECOND)

        assert other is not None
        assert other.life.revoked_at is None

    async def test_the_event_is_stored_with_the_change_and_without_one(
        self, change: "Change", recorded: Recorded, redemption_repository: RedemptionRepository
    ) -> None:
        await change(FIRST, AttemptCounted(NOW), event=an_audit_event(4))
        await redemption_repository.by_claim(
            [CLAIM], lambda _found: (Decision(None, an_audit_event(5)), None)
        )

        assert [request_id for request_id, _, _ in await recorded()][3:] == [a_request_id(4), a_request_id(5)]

    async def test_nothing_is_stored_if_the_decision_fails(
        self, redemption_repository: RedemptionRepository, find: "Find"
    ) -> None:
        def fail(_found: InvitationToRedeem | None) -> tuple[Decision, None]:
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await redemption_repository.by_code([FIRST], NOW, fail)

        found = await find(FIRST)
        assert found is not None
        assert found.life.failed_attempts == 0


Find: TypeAlias = Callable[..., Awaitable[InvitationToRedeem | None]]
Change: TypeAlias = Callable[..., Awaitable[None]]
