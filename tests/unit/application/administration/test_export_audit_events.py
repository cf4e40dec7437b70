from datetime import timedelta

import pytest
from msgspec.structs import replace
from returns.result import Failure

from application.administration.audit import ExportAuditEvents, PeriodEmpty, PeriodUnsettled, RecordedEvent
from tests.builders import NOW, TODAY, a_command_event, an_audit_event
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock
from tests.fakes.command_event_repository import InMemoryCommandEventRepository

A_SECOND = timedelta(seconds=1)
EVENT = an_audit_event()


def _export(*, seconds_ahead: int = 60) -> ExportAuditEvents:
    """Give the use case over one event, at a time so many seconds after it."""
    trail = InMemoryAuditRepository()
    trail.events.append(EVENT)
    clock = FixedClock(NOW + seconds_ahead * A_SECOND, TODAY)
    return ExportAuditEvents(trail, InMemoryCommandEventRepository(), clock)


async def _events(export: ExportAuditEvents, since: int, until: int | None) -> list[RecordedEvent]:
    end = None if until is None else NOW + until * A_SECOND
    return [event async for event in export(NOW + since * A_SECOND, end).unwrap().events]


async def test_the_events_from_the_beginning_of_a_period_to_its_end_are_handed_over() -> None:
    assert await _events(_export(seconds_ahead=61), 0, 1) == [EVENT]


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
    export = ExportAuditEvents(trail, of_commands, FixedClock(NOW + 100 * A_SECOND, TODAY))

    events = await _events(export, 0, 10)

    assert [(event.recorded_at - NOW).seconds for event in events] == order


async def test_a_period_without_an_end_ends_a_minute_ago() -> None:
    assert await _events(_export(seconds_ahead=61), -1, None) == [EVENT]
    assert await _events(_export(seconds_ahead=60), -1, None) == []


async def test_the_next_period_begins_where_the_last_one_has_ended() -> None:
    exported = _export(seconds_ahead=70)(NOW, None).unwrap()

    assert exported.until == NOW + 10 * A_SECOND


async def test_consecutive_exports_hand_over_a_call_whose_commit_was_held_up() -> None:
    trail = InMemoryAuditRepository()
    commands = InMemoryCommandEventRepository()
    first = ExportAuditEvents(trail, commands, FixedClock(NOW + 5 * A_SECOND, TODAY))(
        NOW - A_SECOND * 60, None
    ).unwrap()
    assert [event async for event in first.events] == []
    trail.events.append(EVENT)

    second = ExportAuditEvents(trail, commands, FixedClock(NOW + 90 * A_SECOND, TODAY))(
        first.until, None
    ).unwrap()

    assert [event async for event in second.events] == [EVENT]


async def test_a_period_may_be_empty() -> None:
    assert await _events(_export(), 0, 0) == []


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert _export()(NOW, NOW - A_SECOND) == Failure(PeriodEmpty())


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(-100, 1, id="ends-less-than-a-minute-ago"),
        pytest.param(0, 1_000, id="ends-after-now"),
        pytest.param(1, None, id="begins-less-than-a-minute-ago"),
        pytest.param(1_000, None, id="begins-after-now"),
    ],
)
def test_a_period_of_which_calls_may_still_be_stored_is_refused(since: int, until: int | None) -> None:
    end = None if until is None else NOW + until * A_SECOND

    assert _export()(NOW + since * A_SECOND, end) == Failure(PeriodUnsettled(NOW))
