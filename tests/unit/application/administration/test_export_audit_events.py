from datetime import timedelta

from returns.result import Failure

from application.administration.audit import ExportAuditEvents, PeriodEmpty
from domain.audit import AuditEvent
from tests.builders import NOW, TODAY, an_audit_event
from tests.fakes.audit_repository import InMemoryAuditRepository
from tests.fakes.clock import FixedClock

A_SECOND = timedelta(seconds=1)
EVENT = an_audit_event()


def _export(*, seconds_ahead: int = 0) -> ExportAuditEvents:
    """Give the use case over one event, at a time so many seconds after it."""
    trail = InMemoryAuditRepository()
    trail.events.append(EVENT)
    return ExportAuditEvents(trail, FixedClock(NOW + seconds_ahead * A_SECOND, TODAY))


async def _events(export: ExportAuditEvents, since: int, until: int | None) -> list[AuditEvent]:
    end = None if until is None else NOW + until * A_SECOND
    return [event async for event in export(NOW + since * A_SECOND, end).unwrap()]


async def test_the_events_from_the_beginning_of_a_period_to_its_end_are_handed_over() -> None:
    assert await _events(_export(), 0, 1) == [EVENT]


async def test_the_end_of_a_period_is_not_in_it() -> None:
    assert await _events(_export(), -1, 0) == []


async def test_a_period_without_an_end_ends_now() -> None:
    assert await _events(_export(seconds_ahead=1), -1, None) == [EVENT]
    assert await _events(_export(seconds_ahead=0), -1, None) == []


async def test_a_period_may_be_empty() -> None:
    assert await _events(_export(), 0, 0) == []


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    assert _export()(NOW, NOW - A_SECOND) == Failure(PeriodEmpty())


def test_a_period_that_begins_after_now_is_refused() -> None:
    assert _export()(NOW + A_SECOND, None) == Failure(PeriodEmpty())
