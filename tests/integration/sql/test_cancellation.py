"""Callers hang up at any moment, and their request is stored whole or not at all."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

import pytest
from sqlalchemy import func, make_url, select

from adapters.sql.connect import connect
from adapters.sql.database import Database
from adapters.sql.invitations import SqlInvitationRepository
from adapters.sql.organisations import SqlOrganisationRepository
from adapters.sql.patient_import import SqlPatientReportRepository
from adapters.sql.patients import SqlPatientRepository
from adapters.sql.tables import audit_event, invitation
from domain.invitations import Invitation
from tests.builders import (
    HOSPITAL,
    a_report,
    a_request_id,
    an_audit_event,
    an_identifier,
    an_invitation,
    an_organisation,
    reported,
)
from tests.integration.sql.rows import rows
from tests.integration.sql.statements import begun_insert

REQUESTS = 60
INVITATIONS = 50
FAR_TOO_LONG = 20
"""Seconds. Where a cancelled caller takes the write lock along, each later request waits five of them."""


@pytest.fixture(autouse=True)
async def _patients_are_known(
    organisation_repository: SqlOrganisationRepository, patient_report_repository: SqlPatientReportRepository
) -> None:
    await organisation_repository.add(an_organisation())
    await reported(
        patient_report_repository, *(a_report(an_identifier(n)) for n in range(1, INVITATIONS + 1))
    )


@pytest.fixture
def add(invitation_repository: SqlInvitationRepository) -> Callable[[int], Awaitable[object]]:
    """Give a call that adds the invitations of the request of this number."""
    return lambda number: invitation_repository.add(_request(number), an_audit_event(number))


def _request(number: int) -> list[Invitation]:
    return [
        an_invitation(f"{number:05}{patient:05}", patient=patient, request=number)
        for patient in range(1, INVITATIONS + 1)
    ]


async def _leave_at_random(call: Callable[[int], Awaitable[object]]) -> list[object]:
    """Let every second caller hang up, some before their request begins and some while it is in progress."""
    random = Random(1)

    async def leave(caller: asyncio.Future[object]) -> None:
        await asyncio.sleep(random.uniform(0, 0.1))
        caller.cancel()

    callers = [asyncio.ensure_future(call(number)) for number in range(1, REQUESTS + 1)]
    leaving = [leave(caller) for caller in callers[::2]]
    outcomes = await asyncio.gather(*callers, *leaving, return_exceptions=True)
    return outcomes[:REQUESTS]


async def _leave_in_the_middle(call: Callable[[int], Awaitable[object]], number: int) -> None:
    """Go away while the request is being stored."""
    with begun_insert() as begun:
        caller = asyncio.ensure_future(call(number))
        await begun.wait()
        caller.cancel()
        await asyncio.wait([caller])


async def test_a_request_that_is_being_stored_when_its_caller_goes_away_is_stored_whole(
    url: str, database: Database, add: Callable[[int], Awaitable[object]]
) -> None:
    async with asyncio.timeout(FAR_TOO_LONG):
        for number in range(1, 21):
            await _leave_in_the_middle(add, number)
        await database.close()

    in_requests = select(func.count(invitation.c.code_digest)).group_by(invitation.c.request_id)
    assert [*await rows(url, in_requests)] == [(INVITATIONS,)] * 20


async def test_a_request_whose_caller_went_away_is_stored_whole_or_not_at_all(
    url: str, database: Database, add: Callable[[int], Awaitable[object]]
) -> None:
    async with asyncio.timeout(FAR_TOO_LONG):
        outcomes = await _leave_at_random(add)
        await database.close()

    in_requests = select(func.count(invitation.c.code_digest)).group_by(invitation.c.request_id)
    events = select(func.count(audit_event.c.id)).group_by(audit_event.c.request_id)
    stored = await rows(url, in_requests)
    assert {type(outcome).__name__ for outcome in outcomes} == {"Success", "CancelledError"}
    assert set(stored) == {(INVITATIONS,)}
    assert [*await rows(url, events)] == [(1,)] * len(stored)


async def test_callers_who_went_away_leave_the_database_free_for_others(
    url: str, add: Callable[[int], Awaitable[object]]
) -> None:
    async with asyncio.timeout(FAR_TOO_LONG):
        await _leave_at_random(add)
        await add(REQUESTS + 1)

    last = select(func.count()).where(invitation.c.request_id == a_request_id(REQUESTS + 1))
    assert await rows(url, last) == [(INVITATIONS,)]


async def test_callers_who_went_away_while_reading_leave_the_database_free_for_others(
    patient_repository: SqlPatientRepository,
) -> None:
    named = [an_identifier(number) for number in range(1, 501)]
    async with asyncio.timeout(FAR_TOO_LONG):
        outcomes = await _leave_at_random(lambda _number: patient_repository.find(HOSPITAL, named))

    found = [len(outcome) for outcome in outcomes if isinstance(outcome, dict)]
    assert len(found) >= REQUESTS / 2
    assert {*found, len(await patient_repository.find(HOSPITAL, named))} == {INVITATIONS}


async def test_two_processes_worth_of_connections_write_at_the_same_time(url: str) -> None:
    databases = [connect(make_url(url)) for _ in range(2)]
    stores = [SqlInvitationRepository(database) for database in databases]

    async with asyncio.timeout(FAR_TOO_LONG):
        await asyncio.gather(
            *(
                stores[number % 2].add(_request(number), an_audit_event(number))
                for number in range(1, REQUESTS + 1)
            )
        )

    await asyncio.gather(*(database.close() for database in databases))
    assert await rows(url, select(func.count()).select_from(invitation)) == [(REQUESTS * INVITATIONS,)]


async def test_closing_waits_for_the_work_under_way(
    url: str, database: Database, add: Callable[[int], Awaitable[object]]
) -> None:
    callers = [asyncio.ensure_future(add(number)) for number in range(1, 11)]
    await asyncio.sleep(0)

    await database.close()

    assert await rows(url, select(func.count()).select_from(audit_event)) == [(10,)]
    assert len(await asyncio.gather(*callers)) == 10
