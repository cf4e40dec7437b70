"""The replay of a request that was answered before."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec import structs
from returns.result import Failure, Success

from application.generate_invitation_tokens.replay import (
    BatchRevoked,
    OtherIdentifiers,
    ReplayedInvitations,
    ReplayInvitations,
)
from application.ports.invitations import KeyRetired
from application.ports.system import Unavailable
from domain.idempotency import IdempotencyRecord, IdempotentRequest
from domain.identifiers import RequestedIdentifier
from domain.invitations import InvitationToken
from domain.patients import PatientId
from tests.builders import (
    EXPIRY,
    NOW,
    TODAY,
    a_patient_id,
    a_request_id,
    a_request_name,
    a_requested_identifier,
    some_decisions,
)
from tests.fakes.clock import FixedClock
from tests.fakes.idempotency_repository import InMemoryIdempotencyRepository
from tests.fakes.invitation_repository import InMemoryInvitationRepository
from tests.fakes.request_fingerprints import HashingRequestFingerprints
from tests.fakes.token_generator import HashingTokenGenerator
from tests.fakes.unavailable import OutOfOrder

A_DAY = timedelta(days=1)
NAME = a_request_name()
ASKED = [a_requested_identifier(1), a_requested_identifier(2)]
REQUEST = IdempotentRequest(NAME, HashingRequestFingerprints().take(ASKED), some_decisions(1, 2))
FIRST = IdempotencyRecord(REQUEST, a_request_id(7), NOW, EXPIRY, {a_patient_id(2): 3})


def _replay(
    *,
    fingerprint_keys: Sequence[str] = ("fake",),
    token_keys: Sequence[str] = ("fake",),
    age: timedelta = timedelta(0),
    revoked: bool = False,
) -> ReplayInvitations:
    """Give the part of a use case that remembers one request, of this age, for a day."""
    store = InMemoryInvitationRepository()
    store.remembered[NAME] = structs.replace(FIRST, revoked=revoked)
    return ReplayInvitations(
        InMemoryIdempotencyRepository(store),
        HashingRequestFingerprints(fingerprint_keys),
        HashingTokenGenerator(keys=token_keys),
        A_DAY,
        FixedClock(NOW + age, TODAY),
    )


def _drawn(patient_id: PatientId, attempt: int) -> InvitationToken:
    [drawn] = HashingTokenGenerator().draw(a_request_id(7), [patient_id], attempt)
    return InvitationToken(drawn.code, drawn.token, EXPIRY)


async def test_the_first_answer_is_derived_again_each_code_at_its_own_attempt() -> None:
    recalled = await _replay()(NAME, ASKED)

    tokens = {a_patient_id(1): _drawn(a_patient_id(1), 0), a_patient_id(2): _drawn(a_patient_id(2), 3)}
    assert recalled == Success(ReplayedInvitations(a_request_id(7), some_decisions(1, 2), tokens))


async def test_an_idempotency_record_holds_a_fingerprint_and_the_decisions() -> None:
    assert _replay().repeatable(NAME, ASKED, some_decisions(1, 2)) == REQUEST


async def test_an_unknown_request_is_not_found() -> None:
    assert await _replay()(a_request_name("another"), ASKED) == Success(None)


@pytest.mark.parametrize(
    ("age", "is_found"),
    [
        pytest.param(A_DAY, True, id="a-day-old"),
        pytest.param(A_DAY + timedelta(microseconds=1), False, id="older"),
    ],
)
async def test_a_request_is_remembered_for_a_limited_time(age: timedelta, *, is_found: bool) -> None:
    recalled = await _replay(age=age)(NAME, ASKED)

    assert (recalled.unwrap() is not None) is is_found


@pytest.mark.parametrize("asked", [[*reversed(ASKED)], ASKED[:1], ASKED * 2, []])
async def test_other_identifiers_under_the_same_name_are_refused(asked: list[RequestedIdentifier]) -> None:
    assert await _replay()(NAME, asked) == Failure(OtherIdentifiers())


async def test_a_request_whose_batch_was_revoked_is_refused() -> None:
    assert await _replay(revoked=True)(NAME, ASKED) == Failure(BatchRevoked())


async def test_that_a_batch_was_revoked_is_not_said_of_other_identifiers() -> None:
    assert await _replay(revoked=True)(NAME, ASKED[:1]) == Failure(OtherIdentifiers())


async def test_another_key_may_sign_today() -> None:
    rotated = ("new", "fake")

    recalled = await _replay(fingerprint_keys=rotated, token_keys=rotated)(NAME, ASKED)

    assert recalled == await _replay()(NAME, ASKED)


@pytest.mark.parametrize(
    ("fingerprint_keys", "token_keys"),
    [
        pytest.param(("new",), ("new",), id="both"),
        pytest.param(("new",), ("fake",), id="of-the-fingerprint"),
        pytest.param(("fake",), ("new",), id="of-the-codes"),
    ],
)
async def test_a_retired_key_is_reported(fingerprint_keys: Sequence[str], token_keys: Sequence[str]) -> None:
    recall = _replay(fingerprint_keys=fingerprint_keys, token_keys=token_keys)

    assert await recall(NAME, ASKED) == Failure(KeyRetired())


async def test_a_replay_fails_while_the_repository_is_down() -> None:
    recall = ReplayInvitations(
        OutOfOrder(),
        HashingRequestFingerprints(),
        HashingTokenGenerator(),
        A_DAY,
        FixedClock(NOW, TODAY),
    )

    with pytest.raises(Unavailable):
        await recall(NAME, ASKED)
