"""The commands `keys` and `purge`."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import make_url

from adapters.keys.key_ring import KeyRing
from adapters.sql.connect import connect
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.system import SystemClock
from tests.builders import a_chunk, a_record, an_audit_event, an_identifier, an_invitation
from tests.integration.commands.shell import Outcome
from tests.integration.sql.rows import row_counts

A_YEAR = timedelta(days=365)


@pytest.fixture
def one_expired_and_one_valid(ready_url: str) -> None:
    asyncio.run(_issue_two(ready_url))


async def _issue_two(url: str) -> None:
    database = connect(make_url(url))
    await SqlPatientReportRepository(database).merge(a_chunk(a_record(an_identifier(1))))
    today = SystemClock().instant()
    for request, expires_at in ((1, today - A_YEAR), (2, today + A_YEAR)):
        invitation = structs.replace(an_invitation(str(request) * 10, request=request), expires_at=expires_at)
        await SqlInvitationRepository(database).add([invitation], an_audit_event(request))
    await database.close()


@pytest.mark.usefixtures("one_expired_and_one_valid")
def test_purge_deletes_what_has_expired(command: Callable[..., Outcome], ready_url: str) -> None:
    outcome = command("purge", "--expired-before", SystemClock().today().isoformat())

    assert outcome == Outcome(0, "Deleted 1 invitations.\n", "1 deleted\n")
    counts = asyncio.run(row_counts(ready_url))
    assert (counts["invitation"], counts["audit_event"]) == (1, 2)


@pytest.mark.usefixtures("one_expired_and_one_valid")
def test_purge_deletes_nothing_that_is_still_valid(command: Callable[..., Outcome], ready_url: str) -> None:
    outcome = command("purge", "--expired-before", (SystemClock().today() + A_YEAR).isoformat())

    sentence = "DATE is in the future: invitations that are still valid would be deleted"
    assert outcome == Outcome(1, "", f"invitations: {sentence}\n")
    assert asyncio.run(row_counts(ready_url))["invitation"] == 2


def test_purge_takes_nothing_but_a_date(bare_command: Callable[..., Outcome]) -> None:
    outcome = bare_command("purge", "--expired-before", "last year")

    assert outcome.code == 2
    assert outcome.error.count("\n") == 1


def test_a_new_key_is_one_that_a_key_ring_takes(bare_command: Callable[..., Outcome]) -> None:
    outcome = bare_command("keys", "new")

    [key] = KeyRing.parse(outcome.output.strip()).keys
    assert (key.id, len(key.secret)) == (SystemClock().today().isoformat(), 32)


def test_no_two_new_keys_are_the_same(bare_command: Callable[..., Outcome]) -> None:
    first, second = (bare_command("keys", "new", "--id", "2026").output for _time in range(2))

    assert first != second


@pytest.mark.parametrize("key_id", ["", "two words", "a:b", "x" * 65])
def test_a_key_is_not_called_what_a_key_ring_could_not_read(
    bare_command: Callable[..., Outcome], key_id: str
) -> None:
    outcome = bare_command("keys", "new", "--id", key_id)

    sentence = "Invalid value for --id: a key's id is 1 to 64 letters, digits, '.', '_' and '-'"
    assert outcome == Outcome(2, "", f"invitations: {sentence}\n")
