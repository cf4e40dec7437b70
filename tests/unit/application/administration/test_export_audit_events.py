from datetime import timedelta

import pytest
from msgspec.structs import replace
from returns.result import Failure

from application.administration.audit import ExportAuditEvents, PeriodEmpty, RecordedEvent
from tests.builders import NOW, TODAY, a_command_event, an_audit_event
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.command_event_repository import InMemoryCommandEventRepository

A_SECOND = timedelta(seconds=1)
EVENT = an_audit_event()


def _export(*, seconds_ahead: int = 0) -> ExportAuditEvents:
    """Give the use case over one event, at a time so many seconds after it."""
    trail = InMemoryAuditRepository()
    trail.events.append(EVENT)
    clock = FixedClock(NOW + seconds_ahead * A_SECOND, TODAY)
    return ExportAuditEvents(trail, InMemoryCommandEventRepository(), clock)


async def _events(export: ExportAuditEvents, since: int, until: int | None) -> list[RecordedEvent]:
    end = None if until is None else NOW + until * A_SECOND
    return [event async for event in export(NOW + since * A_SECOND, end).unwrap()]


async def test_the_events_from_the_beginning_of_a_period_to_its_end_are_handed_over() -> None:
    assert await _events(_export(), 0, 1) == [EVENT]


async def test_the_end_of_a_period_is_not_in_it() -> None:
    assert await _events(_export(), -1, 0) == []


@pytest.mark.parametrize(
    ("calls", "commands", "order"),
    [
        ([1, 3], [2, 4], [1, 2, 3, 4]),
        ([3, 4], [1, 2], [1, 2, 3, 4]),
        ([1, 2], [3, 4], [1, 2, 3, 4]),
        ([], [1, 2], [1, 2]),
        ([1, 2], [], [1, 2]),
    ],
)
async def test_events_of_calls_and_of_commands_come_in_the_order_of_time(
    calls: list[int], commands: list[int], order: list[int]
) -> None:
    trail, of_commands = InMemoryAuditRepository(), InMemoryCommandEventRepository()
    trail.events += [replace(EVENT, recorded_at=NOW + second * A_SECOND) for second in calls]
    of_commands.events += [a_command_event(NOW + second * A_SECOND) for second in commands]
    export = ExportAuditEvents(trail, of_commands, FixedClock(NOW, TODAY))

    events = await _events(export, 0, 10)

    assert [(event.recorded_at - NOW).seconds for event in events] == order


async def test_a_period_without_an_end_ends_now() -> None:
    assert await _events(_export(seconds_ahead=1), -1, None) == [EVENT]
    assert await _events(_export(seconds_ahead=0), -1, None) == []


async def test_a_period_may_be_empty() -> None:
    assert await _events(_export(), 0, 0) == []


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert _export()(NOW, NOW - A_SECOND) == Failure(PeriodEmpty())


def test_a_period_that_begins_after_now_is_refused() -> None:
    assert _export()(NOW + A_SECOND, None) == Failure(PeriodEmpty())
