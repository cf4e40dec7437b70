"""The contract of `AuditRepository`.

The consumer supplies the fixtures `audit_repository`, empty, and `recorded`, which reads back, in the order
in which they were recorded, request id, outcome and organisation of the events.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

import pytest
from msgspec.structs import replace

from application.ports.audit import AuditRepository
from domain.audit import AuditEvent, Outcome
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.builders import HOSPITAL, NOW, STATUS_QUERY, a_patient_id, a_request_id, an_audit_event

Recorded: TypeAlias = Callable[[], Awaitable[list[tuple[RequestId, str, OrganisationId | None]]]]

A_SECOND = timedelta(seconds=1)
A_MICROSECOND = timedelta(microseconds=1)
EVENT = an_audit_event(1, issued_patients=[a_patient_id(2), a_patient_id(1)])


def _at(number: int, moment: datetime) -> AuditEvent:
    return replace(an_audit_event(number), recorded_at=moment)


async def _numbers(
    audit: AuditRepository, since: datetime = NOW - A_SECOND, until: datetime = NOW + A_SECOND
) -> list[int]:
    return [event.request_id.int async for event in audit.between(since, until)]


class AuditRepositoryContract:
    @pytest.mark.parametrize("outcome", Outcome)
    async def test_an_event_of_any_outcome_is_recorded(
        self, audit_repository: AuditRepository, recorded: Recorded, outcome: Outcome
    ) -> None:
        await audit_repository.record(replace(an_audit_event(1), outcome=outcome))

        assert await recorded() == [(a_request_id(1), outcome, HOSPITAL)]

    async def test_an_event_may_lack_an_organisation(
        self, audit_repository: AuditRepository, recorded: Recorded
    ) -> None:
        await audit_repository.record(replace(an_audit_event(1), organisation_id=None))

        assert await recorded() == [(a_request_id(1), Outcome.CARRIED_OUT, None)]

    async def test_earlier_events_stay_recorded(
        self, audit_repository: AuditRepository, recorded: Recorded
    ) -> None:
        for number in (3, 1, 2):
            await audit_repository.record(an_audit_event(number))

        assert [request_id for request_id, *_ in await recorded()] == [a_request_id(n) for n in (3, 1, 2)]

    async def test_of_many_events_at_once_each_is_recorded(
        self, audit_repository: AuditRepository, recorded: Recorded
    ) -> None:
        numbers = range(1, 201)

        await asyncio.gather(*(audit_repository.record(an_audit_event(number)) for number in numbers))

        on_record = [request_id for request_id, *_ in await recorded()]
        assert sorted(on_record) == [a_request_id(number) for number in numbers]

    @pytest.mark.parametrize(
        "event",
        [
            *(pytest.param(replace(EVENT, outcome=outcome), id=outcome) for outcome in Outcome),
            pytest.param(replace(EVENT, organisation_id=None), id="no-organisation"),
            pytest.param(replace(EVENT, omitted={}, omitted_patients={}), id="nobody-left-out"),
            pytest.param(
                replace(EVENT, operation=STATUS_QUERY, answered_patients=(a_patient_id(3),)),
                id="status-query",
            ),
            pytest.param(replace(EVENT, replayed_request_id=a_request_id(9)), id="answered-again"),
        ],
    )
    async def test_an_event_is_read_as_it_was_recorded(
        self, audit_repository: AuditRepository, event: AuditEvent
    ) -> None:
        await audit_repository.record(event)

        assert [each async for each in audit_repository.between(NOW, NOW + A_SECOND)] == [event]

    async def test_the_beginning_of_a_period_is_in_it_and_its_end_is_not(
        self, audit_repository: AuditRepository
    ) -> None:
        moments = [NOW - A_MICROSECOND, NOW, NOW + A_MICROSECOND, NOW + A_SECOND]
        for number, moment in enumerate(moments, start=1):
            await audit_repository.record(_at(number, moment))

        assert await _numbers(audit_repository, NOW, NOW + A_SECOND) == [2, 3]

    async def test_a_period_may_be_told_in_any_zone(self, audit_repository: AuditRepository) -> None:
        await audit_repository.record(_at(1, NOW))
        elsewhere = timezone(timedelta(hours=-11))

        found = await _numbers(
            audit_repository, NOW.astimezone(elsewhere), (NOW + A_SECOND).astimezone(elsewhere)
        )

        assert found == [1]

    async def test_no_event_is_in_a_period_without_length(self, audit_repository: AuditRepository) -> None:
        await audit_repository.record(_at(1, NOW))

        assert await _numbers(audit_repository, NOW, NOW) == []

    async def test_the_oldest_event_comes_first_whenever_it_was_recorded(
        self, audit_repository: AuditRepository
    ) -> None:
        for number, seconds in ((1, 0.5), (2, -0.5), (3, 0.25), (4, 0)):
            await audit_repository.record(_at(number, NOW + seconds * A_SECOND))

        assert await _numbers(audit_repository) == [2, 4, 3, 1]

    async def test_events_of_the_same_moment_come_as_they_were_recorded(
        self, audit_repository: AuditRepository
    ) -> None:
        for number in (3, 1, 2):
            await audit_repository.record(_at(number, NOW))

        assert await _numbers(audit_repository) == [3, 1, 2]

    async def test_of_more_events_than_are_read_at_once_each_comes_once(
        self, audit_repository: AuditRepository
    ) -> None:
        # those of the first moment are more than a page
        for number in range(1_200):
            moment = NOW + max(number, 700) * A_MICROSECOND
            await audit_repository.record(_at(number, moment))

        assert await _numbers(audit_repository) == [*range(1_200)]

    async def test_events_are_recorded_while_others_are_read(self, audit_repository: AuditRepository) -> None:
        for number in (1, 2, 3):
            await audit_repository.record(_at(number, NOW))
        reading = audit_repository.between(NOW, NOW + A_SECOND)
        first = await anext(reading)

        await audit_repository.record(_at(4, NOW + A_SECOND))

        assert [each.request_id.int for each in (first, *[event async for event in reading])] == [1, 2, 3]
