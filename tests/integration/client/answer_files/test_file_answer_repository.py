"""The files of a run keep its answers."""

from pathlib import Path

from returns.result import Failure, Success

from adapters.client.state_file import recorded_batches
from application.ports.mailing import AnswersElsewhere, InUse, Run
from tests.builders import a_request_id
from tests.contracts.answer_repository_contract import (
    ONE,
    TOKEN,
    TWO,
    AnswerRepositoryContract,
    Opened,
)
from tests.integration.client.answer_files.ledger import HEADER, answers_in, fill


class TestFileAnswerRepository(AnswerRepositoryContract):
    pass


async def test_two_processes_do_not_write_the_same_answers(reopened: Opened, output: Path) -> None:
    ledger = reopened()
    await ledger.open()
    other = answers_in(output)

    opened = await other.open()
    other.close()

    assert opened == Failure(InUse())


async def test_each_run_has_an_id_of_its_own(tmp_path: Path) -> None:
    ids = set()
    for name in ("a.csv", "b.csv"):
        ledger = answers_in(tmp_path / name)
        match await ledger.open():
            case Success(Run(run_id, _)):
                ids.add(run_id)
        ledger.close()

    assert len(ids) == 2


async def test_the_batches_of_an_output_are_known_from_its_state(reopened: Opened, output: Path) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    await ledger.record({ONE: TOKEN}, {}, a_request_id(1))
    await ledger.record({TWO: TOKEN}, {}, a_request_id(2))

    assert recorded_batches(output) == Success([a_request_id(1), a_request_id(2)])


async def test_the_batches_of_a_state_that_lost_a_line_are_not_given(reopened: Opened, output: Path) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    await ledger.record({ONE: TOKEN}, {}, a_request_id(1))
    await ledger.record({TWO: TOKEN}, {}, a_request_id(2))
    state = output.with_name("tokens.csv.state")
    lines = state.read_bytes().splitlines(keepends=True)

    fill(state, b"".join([*lines[:-2], lines[-1]]))

    assert recorded_batches(output) == Failure(AnswersElsewhere())


async def test_an_output_whose_batches_have_no_ids_has_none(reopened: Opened, output: Path) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    await ledger.record({ONE: TOKEN}, {}, a_request_id(1))
    await ledger.record({TWO: TOKEN}, {})

    assert recorded_batches(output) == Success(None)


def test_a_file_without_a_state_has_no_batches(output: Path) -> None:
    assert recorded_batches(output) == Success(None)


async def test_the_batches_of_an_output_that_was_changed_are_not_given(
    reopened: Opened, output: Path
) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    await ledger.record({ONE: TOKEN}, {}, a_request_id(1))

    fill(output, HEADER)

    assert recorded_batches(output) == Failure(AnswersElsewhere())
