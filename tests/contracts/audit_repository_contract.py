"""The contract of `AuditRepository`.

The consumer supplies the fixtures `audit_repository`, empty, and `recorded`, which reads back, in the order
in which they were recorded, request id, outcome and organisation of the events.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest
from msgspec.structs import replace

from application.ports.audit import AuditRepository
from domain.audit import Outcome
from domain.invitations import RequestId
from domain.organisations import OrganisationId
from tests.builders import HOSPITAL, a_request_id, an_audit_event

Recorded: TypeAlias = Callable[[], Awaitable[list[tuple[RequestId, Outcome, OrganisationId | None]]]]


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
