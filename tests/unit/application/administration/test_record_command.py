"""The two audit events of an administrative command."""

from typing import NoReturn

import pytest
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from application.administration.record_command import CommandEntry, CommandReport, RecordCommand
from application.ports.system import Unavailable
from domain.administration import Command, CommandEvent, CommandId, CommandOutcome
from tests.builders import HOSPITAL, NOW, TODAY, a_patient_id
from tests.fakes.clock import FixedClock
from tests.fakes.command_event_repository import InMemoryCommandEventRepository
from tests.fakes.request_ids import SequentialRequestIds

ENTRY = CommandEntry(Command.CORRECT_PATIENTS, "Ann", HOSPITAL, file_digest="0" * 64, reason="wrong date")
BEGUN = CommandEvent(
    CommandId(SequentialRequestIds().draw()),
    NOW,
    Command.CORRECT_PATIENTS,
    CommandOutcome.BEGUN,
    "Ann",
    HOSPITAL,
    file_digest="0" * 64,
    reason="wrong date",
)


def _recorder() -> tuple[RecordCommand, InMemoryCommandEventRepository]:
    events = InMemoryCommandEventRepository()
    return RecordCommand(events, SequentialRequestIds(), FixedClock(NOW, TODAY)), events


@pytest.mark.parametrize(
    ("not_carried_out", "outcome"),
    [(0, CommandOutcome.CARRIED_OUT), (2, CommandOutcome.CARRIED_OUT_IN_PART)],
)
async def test_a_command_is_on_record_when_it_begins_and_when_it_ends(
    not_carried_out: int, outcome: CommandOutcome
) -> None:
    record, events = _recorder()
    report = CommandReport({"changed": 1}, (a_patient_id(1),), not_carried_out)

    async def work() -> Result[int, str]:
        assert events.events == [BEGUN]
        return Success(7)

    done = await record(ENTRY, work, lambda _seven: report)

    assert done == Success(7)
    ended = replace(BEGUN, outcome=outcome, counts={"changed": 1}, patients=(a_patient_id(1),))
    assert events.events == [BEGUN, ended]


async def test_a_command_that_is_refused_is_on_record_as_such() -> None:
    record, events = _recorder()

    async def work() -> Result[int, str]:
        return Failure("no such organisation")

    refused = await record(ENTRY, work)

    assert refused == Failure("no such organisation")
    assert events.events == [BEGUN, replace(BEGUN, outcome=CommandOutcome.REFUSED)]


async def test_a_command_that_fails_leaves_the_event_of_its_beginning() -> None:
    record, events = _recorder()

    async def work() -> NoReturn:
        raise Unavailable

    with pytest.raises(Unavailable):
        await record(ENTRY, work)

    assert events.events == [BEGUN]


async def test_a_command_without_a_report_counts_nothing() -> None:
    record, events = _recorder()

    async def work() -> Result[int, str]:
        return Success(7)

    await record(ENTRY, work)

    assert events.events[-1] == replace(BEGUN, outcome=CommandOutcome.CARRIED_OUT)
