from collections.abc import Mapping, Sequence

import pytest
from returns.result import Failure

from application.generate_invitation_tokens.issue import IssueInvitations
from application.ports.invitations import CodesExhausted, DrawnSecrets, RequestInProgress, RequestStored
from application.ports.system import Unavailable
from domain.idempotency import IdempotencyRecord
from domain.invitations import Invitation, InvitationToken, RequestId
from domain.patients import PatientId
from tests.builders import (
    EXPIRY,
    HOSPITAL,
    LIFETIME,
    NOW,
    a_patient_id,
    a_remembered_request,
    a_request_id,
    an_audit_event,
)
from tests.fakes.interrupted_invitation_repository import InterruptedInvitationRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.token_generator import HashingTokenGenerator, code_digest
from tests.fakes.unavailable import OutOfOrder

FIRST, SECOND, THIRD = (a_patient_id(number) for number in (1, 2, 3))
TAKEN = "AAAAAAAAAA"
ALSO_TAKEN = "BBBBBBBBBB"
REPEATABLE = a_remembered_request().request


class ForgetfulTokenGenerator(HashingTokenGenerator):
    """Breaks its contract: it forgets the last patient."""

    def draw(
        self, request_id: RequestId, patient_ids: Sequence[PatientId], attempt: int
    ) -> Sequence[DrawnSecrets]:
        return super().draw(request_id, patient_ids[:-1], attempt)


def _drawn(patient_id: PatientId, attempt: int = 0) -> InvitationToken:
    """Foresee what a patient gets who draws no chosen code."""
    [drawn] = HashingTokenGenerator().draw(a_request_id(1), [patient_id], attempt)
    return InvitationToken(drawn.code, drawn.token, EXPIRY)


async def _store_with(*codes: str) -> InMemoryInvitationRepository:
    """Store an earlier request of other patients that used the codes."""
    store = InMemoryInvitationRepository()
    patients = [a_patient_id(number) for number, _ in enumerate(codes, start=100)]
    chosen = {(patient, 0): code for patient, code in zip(patients, codes, strict=True)}
    await IssueInvitations(store, HashingTokenGenerator(chosen), LIFETIME)(
        HOSPITAL, an_audit_event(99, issued_patients=patients)
    )
    return store


async def _issue(
    store: InMemoryInvitationRepository, codes: Mapping[tuple[PatientId, int], str], *patients: PatientId
) -> Mapping[PatientId, InvitationToken]:
    issue = IssueInvitations(store, HashingTokenGenerator(codes), LIFETIME)
    return (await issue(HOSPITAL, an_audit_event(1, issued_patients=patients))).unwrap()


async def test_each_patient_gets_a_token_of_their_own() -> None:
    tokens = await _issue(InMemoryInvitationRepository(), {}, FIRST, SECOND)

    assert tokens == {FIRST: _drawn(FIRST), SECOND: _drawn(SECOND)}


async def test_an_invitation_is_stored_with_digests_instead_of_code_and_token() -> None:
    store = InMemoryInvitationRepository()
    [drawn] = HashingTokenGenerator().draw(a_request_id(1), [FIRST], 0)

    await _issue(store, {}, FIRST)

    assert store.invitations == [
        Invitation(
            patient_id=FIRST,
            organisation_id=HOSPITAL,
            request_id=a_request_id(1),
            code_digest=drawn.code_digest,
            token_digest=drawn.token_digest,
            key_id=drawn.key_id,
            issued_at=NOW,
            expires_at=EXPIRY,
        )
    ]


async def test_the_audit_event_is_stored_as_it_is() -> None:
    store = InMemoryInvitationRepository()

    await _issue(store, {}, FIRST, SECOND)

    assert store.events == [an_audit_event(1, issued_patients=[FIRST, SECOND])]


async def test_for_no_patients_the_audit_event_alone_is_stored() -> None:
    store = InMemoryInvitationRepository()

    tokens = await _issue(store, {})

    assert tokens == {}
    assert (store.invitations, store.events) == ([], [an_audit_event(1)])


async def test_a_code_that_is_in_use_is_drawn_again_for_its_patient_alone() -> None:
    store = await _store_with(TAKEN)

    tokens = await _issue(store, {(SECOND, 0): TAKEN}, FIRST, SECOND, THIRD)

    assert tokens == {FIRST: _drawn(FIRST), SECOND: _drawn(SECOND, attempt=1), THIRD: _drawn(THIRD)}


async def test_a_code_drawn_again_may_be_in_use_again() -> None:
    store = await _store_with(TAKEN, ALSO_TAKEN)

    tokens = await _issue(store, {(FIRST, 0): TAKEN, (FIRST, 1): ALSO_TAKEN}, FIRST, SECOND)

    assert tokens == {FIRST: _drawn(FIRST, attempt=2), SECOND: _drawn(SECOND)}


async def test_a_code_may_turn_out_to_be_in_use_only_when_another_is_drawn_again() -> None:
    store = await _store_with(TAKEN)

    tokens = await _issue(store, {(FIRST, 0): TAKEN, (FIRST, 1): _drawn(SECOND).code}, FIRST, SECOND)

    assert tokens == {FIRST: _drawn(FIRST, attempt=2), SECOND: _drawn(SECOND, attempt=2)}


async def test_codes_are_drawn_again_a_bounded_number_of_times() -> None:
    store = await _store_with(TAKEN)
    always_taken = {(FIRST, attempt): TAKEN for attempt in range(1_000)}

    with pytest.raises(CodesExhausted, match="5 codes in a row were already in use"):
        await _issue(store, always_taken, FIRST, SECOND)

    assert [event.request_id for event in store.events] == [a_request_id(99)]


async def test_the_last_attempt_may_succeed() -> None:
    store = await _store_with(TAKEN)

    tokens = await _issue(store, {(FIRST, attempt): TAKEN for attempt in range(4)}, FIRST)

    assert tokens == {FIRST: _drawn(FIRST, attempt=4)}


async def test_two_patients_who_draw_the_same_code_both_draw_again() -> None:
    store = InMemoryInvitationRepository()

    tokens = await _issue(store, {(FIRST, 0): TAKEN, (THIRD, 0): TAKEN}, FIRST, SECOND, THIRD)

    assert tokens == {
        FIRST: _drawn(FIRST, attempt=1),
        SECOND: _drawn(SECOND),
        THIRD: _drawn(THIRD, attempt=1),
    }


async def test_after_a_collision_every_patient_has_one_invitation_under_the_code_handed_out() -> None:
    store = await _store_with(TAKEN)
    earlier = len(store.invitations)

    tokens = await _issue(store, {(FIRST, 0): TAKEN}, FIRST, SECOND)

    assert {each.patient_id: each.code_digest for each in store.invitations[earlier:]} == {
        patient: code_digest(token.code) for patient, token in tokens.items()
    }
    assert len(store.invitations) == earlier + 2


async def test_a_collision_leaves_one_audit_event() -> None:
    store = await _store_with(TAKEN)

    await _issue(store, {(FIRST, 0): TAKEN}, FIRST)

    assert [event.request_id for event in store.events] == [a_request_id(99), a_request_id(1)]


async def test_an_idempotency_record_holds_the_attempts_of_codes_drawn_again() -> None:
    store = await _store_with(TAKEN)
    issue = IssueInvitations(store, HashingTokenGenerator({(SECOND, 0): TAKEN}), LIFETIME)

    await issue(HOSPITAL, an_audit_event(1, issued_patients=[FIRST, SECOND]), REPEATABLE)

    assert [*store.remembered.values()] == [
        IdempotencyRecord(REPEATABLE, a_request_id(1), NOW, EXPIRY, attempts={SECOND: 1})
    ]


async def test_a_request_without_a_key_leaves_no_idempotency_record() -> None:
    store = InMemoryInvitationRepository()

    await _issue(store, {}, FIRST)

    assert store.remembered == {}


async def test_a_request_that_was_issued_under_its_name_is_not_issued_again() -> None:
    store = InMemoryInvitationRepository()
    issue = IssueInvitations(store, HashingTokenGenerator(), LIFETIME)
    await issue(HOSPITAL, an_audit_event(1, issued_patients=[FIRST]), REPEATABLE)

    again = await issue(HOSPITAL, an_audit_event(2, issued_patients=[FIRST]), REPEATABLE)

    assert again == Failure(RequestStored())
    assert [each.request_id for each in store.invitations] == [a_request_id(1)]


async def test_a_request_waits_once_for_a_concurrent_one() -> None:
    store = InterruptedInvitationRepository(InMemoryInvitationRepository())
    store.waits_in_vain = True
    issue = IssueInvitations(store, HashingTokenGenerator(), LIFETIME)

    assert await issue(HOSPITAL, an_audit_event(1, issued_patients=[FIRST])) == Failure(RequestInProgress())


async def test_no_token_is_issued_while_the_repository_is_down() -> None:
    issue = IssueInvitations(OutOfOrder(), HashingTokenGenerator(), LIFETIME)

    with pytest.raises(Unavailable):
        await issue(HOSPITAL, an_audit_event(1, issued_patients=[FIRST]))


async def test_nothing_is_stored_when_a_patient_was_not_drawn_for() -> None:
    store = InMemoryInvitationRepository()
    issue = IssueInvitations(store, ForgetfulTokenGenerator(), LIFETIME)

    with pytest.raises(ValueError, match="shorter"):
        await issue(HOSPITAL, an_audit_event(1, issued_patients=[FIRST, SECOND]))

    assert (store.invitations, store.events) == ([], [])
