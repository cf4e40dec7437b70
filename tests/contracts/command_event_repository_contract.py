"""What every repository of command events does. The consumer supplies `command_event_repository`, empty."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from application.ports.audit import CommandEventRepository
from domain.administration import Command, CommandEvent, CommandId, CommandOutcome
from tests.builders import CLIENT, HOSPITAL, NOW, a_patient_id, a_request_id

A_SECOND = timedelta(seconds=1)
EVENT = CommandEvent(
    command_id=CommandId(a_request_id(1)),
    recorded_at=NOW,
    command=Command.HOLD_PATIENTS,
    outcome=CommandOutcome.CARRIED_OUT_IN_PART,
    operator="Ann",
    organisation_id=HOSPITAL,
    client_id=CLIENT,
    file_digest="0" * 64,
    reason="safeguarding",
    counts={"changed": 1, "refused-unknown-patient": 2},
    patients=(a_patient_id(1),),
)
BARE = CommandEvent(CommandId(a_request_id(2)), NOW, Command.PURGE, CommandOutcome.BEGUN, "Ann")


def _at(number: int, moment: datetime) -> CommandEvent:
    return replace(BARE, command_id=CommandId(a_request_id(number)), recorded_at=moment)


class CommandEventRepositoryContract:
    @pytest.mark.parametrize(
        "event",
        [
            pytest.param(EVENT, id="everything"),
            pytest.param(BARE, id="nothing-more"),
            *(pytest.param(replace(EVENT, command=command), id=command) for command in Command),
            *(pytest.param(replace(EVENT, outcome=outcome), id=outcome) for outcome in CommandOutcome),
            pytest.param(replace(EVENT, command="of-a-newer-release"), id="unknown"),
        ],
    )
    async def test_an_event_is_read_as_it_was_recorded(
        self, command_event_repository: CommandEventRepository, event: CommandEvent
    ) -> None:
        await command_event_repository.record(event)

        assert [each async for each in command_event_repository.between(NOW, NOW + A_SECOND)] == [event]

    async def test_the_oldest_event_of_a_period_comes_first_and_its_end_is_not_in_it(
        self, command_event_repository: CommandEventRepository
    ) -> None:
        for number, seconds in ((1, 2), (2, 1), (3, 0), (4, -1)):
            await command_event_repository.record(_at(number, NOW + seconds * A_SECOND))

        found = [each async for each in command_event_repository.between(NOW, NOW + 2 * A_SECOND)]
        assert [each.command_id for each in found] == [a_request_id(3), a_request_id(2)]
