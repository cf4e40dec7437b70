"""Redemption by several processes at the same time: the database decides, and the rules hold."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Sequence
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

import pytest
from returns.result import Failure, Success
from sqlalchemy import Executable, NullPool, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.sql.tables import (
    ALL_ORGANISATIONS,
    audit_event,
    failed_claim,
    invitation,
    organisation,
    patient,
    patient_change,
    patient_hold,
)
from application.ports.invitations import DrawnSecrets
from domain.audit import Outcome
from domain.redemption import (
    BirthDateWrong,
    ClaimOver,
    ClaimRefused,
    InvitationLocked,
    InvitationSpent,
    NoLongerEligible,
)
from tests.builders import HOSPITAL, NOW, TODAY, a_patient_id
from tests.integration.sql.redemption import (
    OTHER_DAY,
    Interrupted,
    Process,
    at_once,
    issue_to_one_patient,
    processes,
)
from tests.integration.sql.rows import rows

T = TypeVar("T")


async def _failed_attempts(url: str) -> list[int]:
    found = await rows(url, select(invitation.c.failed_attempts))
    return [number for [number] in found]


async def test_fifty_wrong_guesses_at_once_are_five_attempts(url: str) -> None:
    [issued] = await issue_to_one_patient(url, 1)

    async with processes(url) as running:
        refused = await at_once(running, [lambda each: each.claim(issued, OTHER_DAY)] * 50)

    counted = Counter(each.failure() for each in refused)
    assert counted.pop(InvitationLocked()) == 45
    assert counted == {BirthDateWrong(left): 1 for left in range(5)}
    assert await _failed_attempts(url) == [5]
    assert len(await rows(url, select(failed_claim))) == 5


async def test_fifty_wrong_guesses_at_once_on_five_invitations_are_ten_attempts_on_the_patient(
    url: str,
) -> None:
    issued = await issue_to_one_patient(url, 5)
    guesses = [partial(Process.claim, secrets=each, birth_date=OTHER_DAY) for each in issued] * 10

    async with processes(url) as running:
        refused = await at_once(running, guesses)

    assert Counter(each.failure() for each in refused)[InvitationLocked()] == 40
    assert sum(await _failed_attempts(url)) == 10
    assert len(await rows(url, select(failed_claim))) == 10


async def test_right_claims_at_once_lock_nobody_and_leave_no_attempt(url: str) -> None:
    [issued] = await issue_to_one_patient(url, 1)

    async with processes(url) as running:
        claimed = await at_once(running, [lambda each: each.claim(issued)] * 4)

    assert all(isinstance(each, Success) for each in claimed)
    assert await _failed_attempts(url) == [0]
    assert await rows(url, select(failed_claim)) == []


async def test_every_guess_is_on_record(url: str) -> None:
    [issued] = await issue_to_one_patient(url, 1)

    async with processes(url) as running:
        await at_once(running, [lambda each: each.claim(issued, OTHER_DAY)] * 10)

    recorded = await rows(url, select(audit_event.c.outcome).where(audit_event.c.client_id == "portal"))
    assert Counter(outcome for [outcome] in recorded) == {
        Outcome.BIRTH_DATE_WRONG: 5,
        Outcome.INVITATION_LOCKED: 5,
    }


async def test_ten_confirmations_of_two_claims_of_one_patient_spend_one_invitation(url: str) -> None:
    issued = await issue_to_one_patient(url, 2)
    async with processes(url) as running:
        claims = [(await running[0].claim(each)).unwrap().claim for each in issued]

        confirmed = await at_once(running, [partial(Process.confirm, claim=each) for each in claims] * 5)

    spent = select(invitation.c.redeemed_at.is_not(None), invitation.c.revoked_reason)
    assert Counter(type(each) for each in confirmed) == {Success: 5, Failure: 5}
    assert {each.failure() for each in confirmed if isinstance(each, Failure)} == {ClaimOver()}
    assert sorted(await rows(url, spent)) == [(False, "registered"), (True, None)]
    assert len(await rows(url, select(patient_change))) == 1


async def test_registration_is_on_record_with_the_patient(url: str) -> None:
    [issued] = await issue_to_one_patient(url, 1)

    async with processes(url, 1) as [process]:
        await process.confirm((await process.claim(issued)).unwrap().claim)

    change = patient_change.c
    [row] = await rows(
        url,
        select(
            change.patient_id,
            change.organisation_id,
            change.command,
            change.recorded_at,
            change.element,
            change.old_value,
            change.new_value,
        ),
    )
    assert row == (
        a_patient_id(),
        HOSPITAL.value,
        "confirm-registration",
        NOW,
        "registered",
        "false",
        "true",
    )
    [[registered_at]] = await rows(url, select(patient.c.registered_at))
    assert registered_at == NOW


DEATH = update(patient).values(deceased=True)
HOLD = (
    patient_hold.insert().values(
        patient_id=a_patient_id(), organisation_id=ALL_ORGANISATIONS, reason="safeguarding", starts_on=TODAY
    ),
    update(patient).values(has_holds=true()),
)
REVOCATION = update(invitation).values(revoked_at=NOW, revoked_reason="opted-out")
DISABLING = update(organisation).values(disabled_at=NOW)


@pytest.mark.parametrize(
    ("rival", "refusal"),
    [
        pytest.param([DEATH], NoLongerEligible(), id="death"),
        pytest.param([*reversed(HOLD)], NoLongerEligible(), id="hold"),
        pytest.param([REVOCATION], InvitationSpent(), id="revocation"),
        pytest.param([update(patient).values(registered_at=NOW)], NoLongerEligible(), id="registration"),
    ],
)
async def test_what_is_stored_while_a_claim_waits_decides(
    url: str, rival: Sequence[Executable], refusal: ClaimRefused
) -> None:
    [issued] = await issue_to_one_patient(url, 1)

    process = Process(url, lambda repository: Interrupted(repository, partial(_meanwhile, url, rival)))
    refused = await process.claim(issued)
    await process.database.close()

    assert refused == Failure(refusal)
    assert await rows(url, select(invitation.c.claim_digest)) == [(None,)]
    assert await _failed_attempts(url) == [0]


async def test_a_claim_that_is_replaced_while_its_confirmation_waits_is_over(url: str) -> None:
    newer = [select(patient.c.id).with_for_update(), update(invitation).values(claim_digest=b"newer")]
    [issued] = await issue_to_one_patient(url, 1)

    async with processes(url, 1) as [process]:
        claim = (await process.claim(issued)).unwrap().claim
        confirmed = await _meanwhile(url, newer, process.confirm(claim))

    assert confirmed == Failure(ClaimOver())
    assert await rows(url, select(invitation.c.redeemed_at)) == [(None,)]


async def _meanwhile(url: str, rival: Sequence[Executable], call: Awaitable[T]) -> T:
    """Let a call wait for a transaction that carries out the rival statements, and then commits."""
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        for statement in rival:
            await connection.execute(statement)
        task = asyncio.ensure_future(call)
        await _is_waiting(connection)
        await connection.commit()
    return await task


async def _is_waiting(connection: AsyncConnection) -> None:
    """Return when a transaction waits for this one; on SQLite, nothing shows that it does."""
    if connection.dialect.name == "postgresql":
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not await connection.scalar(waiting):  # noqa: ASYNC110 - the server announces nothing
            await asyncio.sleep(0.01)


async def test_a_disabled_organisation_s_claims_are_refused(url: str) -> None:
    [issued] = await issue_to_one_patient(url, 1)
    await rows(url, DISABLING)

    async with processes(url, 1) as [process]:
        assert await process.claim(issued) == Failure(NoLongerEligible())


def _die(url: str, issued: DrawnSecrets) -> None:
    async def die(call: Awaitable[T]) -> T:
        os._exit(1)

    async def claim() -> None:
        await Process(url, lambda repository: Interrupted(repository, die)).claim(issued)

    asyncio.run(claim())


async def test_a_process_that_dies_before_its_claim_is_stored_leaves_the_attempt_counted(url: str) -> None:
    [issued] = await issue_to_one_patient(url, 1)

    dying = get_context("spawn").Process(target=_die, args=(url, issued))
    dying.start()
    await asyncio.to_thread(dying.join)

    assert dying.exitcode == 1
    assert await _failed_attempts(url) == [1]
    async with processes(url, 1) as [process]:
        assert await process.claim(issued, OTHER_DAY) == Failure(BirthDateWrong(3))
