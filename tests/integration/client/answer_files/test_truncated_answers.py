"""Written answers survive, and a truncated one is cut off."""

from pathlib import Path

import pytest
from returns.result import Failure

from adapters.client.state_file import recorded_batches
from application.ports.mailing import AnswersElsewhere
from tests.contracts.answer_repository_contract import (
    ONE,
    THREE,
    TOKEN,
    TWO,
    Opened,
)
from tests.integration.client.answer_files.ledger import HEADER, content, fill, one_batch, values_in


@pytest.mark.parametrize(
    ("suffix", "torn"),
    [
        pytest.param("", b"https://fhir.nhs.uk/Id/nhs-number,99", id="half-an-answer"),
        pytest.param("", b"a whole line\n", id="an-answer-without-a-commit"),
        pytest.param(".omitted.csv", b"a whole line\nhalf", id="somebody-left-out"),
        pytest.param(".state", b'{"batches":2,"told', id="half-a-commit"),
    ],
)
async def test_a_truncated_answer_is_cut_off(
    reopened: Opened, output: Path, suffix: str, torn: bytes
) -> None:
    await one_batch(reopened)
    path = output.with_name(output.name + suffix)
    whole = content(path)
    fill(path, whole + torn)

    again = reopened()
    run = (await again.open()).unwrap()
    await again.bind("list")

    assert run.batches_done == 1
    assert content(path) == whole


@pytest.mark.parametrize("bytes_left", [0, 1, 20, 45, 46, 47, 200])
async def test_a_run_whose_beginning_was_cut_short_begins(
    reopened: Opened, output: Path, bytes_left: int
) -> None:
    first = reopened()
    await first.open()
    await first.bind("list")
    state = output.with_name("tokens.csv.state")
    fill(state, content(state)[:bytes_left])

    await one_batch(reopened)

    assert content(output).splitlines()[0] == HEADER
    assert values_in(output) == [ONE.value]


@pytest.mark.parametrize("suffix", ["", ".omitted.csv"])
async def test_truncated_answers_are_not_continued(reopened: Opened, output: Path, suffix: str) -> None:
    await one_batch(reopened)
    path = output.with_name(output.name + suffix)
    fill(path, content(path)[:-1])

    assert await reopened().open() == Failure(AnswersElsewhere())


async def test_a_malformed_state_is_refused(reopened: Opened, output: Path) -> None:
    fill(output.with_name("tokens.csv.state"), b"my notes\n")

    assert await reopened().open() == Failure(AnswersElsewhere())


@pytest.mark.parametrize("lines_left", [0, 1])
async def test_a_state_that_lost_its_commits_refuses_answers_and_leaves_them_as_they_are(
    reopened: Opened, output: Path, lines_left: int
) -> None:
    await one_batch(reopened)
    state = output.with_name("tokens.csv.state")
    fill(state, b"".join(content(state).splitlines(keepends=True)[:lines_left]))
    issued, left = content(output), content(state)

    opened = await reopened().open()

    assert (opened, content(output), content(state)) == (Failure(AnswersElsewhere()), issued, left)


@pytest.mark.parametrize("line", [b"", b"{}\n", b'{"batches"'], ids=["emptied", "of-nothing", "torn"])
async def test_a_state_that_was_overwritten_refuses_answers(
    reopened: Opened, output: Path, line: bytes
) -> None:
    await one_batch(reopened)
    fill(output.with_name("tokens.csv.state"), line)
    issued = content(output)

    opened = await reopened().open()

    assert (opened, content(output)) == (Failure(AnswersElsewhere()), issued)


async def test_a_state_that_lost_more_than_one_commit_refuses_the_answers(
    reopened: Opened, output: Path
) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    for identifier in (ONE, TWO, THREE):
        await ledger.record({identifier: TOKEN}, {})
    state = output.with_name("tokens.csv.state")
    fill(state, b"".join(content(state).splitlines(keepends=True)[:2]) + b'{"batches":1,')
    issued = content(output)

    opened = await reopened().open()

    assert (opened, content(output)) == (Failure(AnswersElsewhere()), issued)


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b'{"run_id":"\xff"}\n', id="not-utf-8"),
        pytest.param(b'{"run_id":"a","x":' + b"[" * 200_000 + b"\n", id="deep"),
        pytest.param(b'{"run_id":"a"}\n{"batches":-1}\n', id="less-than-nothing"),
        pytest.param(b'{"run_id":"a"}\n{"batches":1,"told_bytes":-5}\n', id="a-length-below-0"),
        pytest.param(b'{"run_id":"a"}\n{"batches":1,"told_bytes":%d}\n' % 10**30, id="no-length-of-a-file"),
    ],
)
async def test_a_damaged_state_is_refused(reopened: Opened, output: Path, damaged: bytes) -> None:
    await one_batch(reopened)
    written = content(output)
    fill(output.with_name("tokens.csv.state"), damaged)

    opened = await reopened().open()

    assert (opened, recorded_batches(output)) == (Failure(AnswersElsewhere()), Failure(AnswersElsewhere()))
    assert content(output) == written
