"""Written answers survive, and a truncated one is cut off."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from returns.result import Failure, Success

from adapters.client.answer_files import AnswerLines, token_columns
from adapters.client.state_file import FileAnswerRepository
from application.ports.mailing import AnswersElsewhere, InUse, Run
from domain.invitations import InvitationToken
from tests.contracts.answer_repository_contract import (
    ONE,
    THREE,
    TOKEN,
    TWO,
    AnswerRepositoryContract,
    Names,
    Opened,
)

BATCH_SIZE = 2
HEADER = b"system,value,code,token,expiry,join_url"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "tokens.csv"


@pytest.fixture
def reopened(output: Path) -> Iterator[Callable[[], FileAnswerRepository[InvitationToken]]]:
    ledgers: list[FileAnswerRepository[InvitationToken]] = []

    def reopen() -> FileAnswerRepository[InvitationToken]:
        # like the end of a process
        for ledger in ledgers:
            ledger.close()
        ledgers.append(_ledger(output))
        return ledgers[-1]

    yield reopen
    for ledger in ledgers:
        ledger.close()


def _ledger(output: Path) -> FileAnswerRepository[InvitationToken]:
    return FileAnswerRepository(output, AnswerLines(token_columns("http://joinpkb.com/"), "csv"), BATCH_SIZE)


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _open_to_all(path: Path) -> None:
    path.chmod(0o666)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _linked_elsewhere(path: Path, target: Path, *, exists: bool) -> Path | None:
    """Put a link in the place of a file; give the file at its end, if there is one."""
    path.rename(target)
    path.symlink_to(target)
    if not exists:
        target.unlink()
    return target if exists else None


def _fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _names_beside(path: Path) -> list[str]:
    return [each.name for each in path.parent.iterdir()]


def _values(path: Path) -> list[str]:
    return [line.split(",")[1] for line in path.read_text().splitlines()[1:]]


@pytest.fixture
def names(output: Path) -> Names:
    return lambda: (_values(output), _values(output.with_name("tokens.csv.omitted.csv")))


class TestFileAnswerRepository(AnswerRepositoryContract):
    pass


async def _one_batch(reopened: Opened) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    await ledger.record({ONE: TOKEN}, {TWO: "deceased"})


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
    await _one_batch(reopened)
    path = output.with_name(output.name + suffix)
    whole = _content(path)
    _fill(path, whole + torn)

    again = reopened()
    run = (await again.open()).unwrap()
    await again.bind("list")

    assert run.batches_done == 1
    assert _content(path) == whole


@pytest.mark.parametrize("bytes_left", [0, 1, 20, 45, 46, 47, 200])
async def test_a_run_whose_beginning_was_cut_short_begins(
    reopened: Opened, output: Path, bytes_left: int
) -> None:
    first = reopened()
    await first.open()
    await first.bind("list")
    state = output.with_name("tokens.csv.state")
    _fill(state, _content(state)[:bytes_left])

    await _one_batch(reopened)

    assert _content(output).splitlines()[0] == HEADER
    assert _values(output) == [ONE.value]


async def test_a_file_that_no_run_has_written_stays_as_it_is(reopened: Opened, output: Path) -> None:
    _fill(output, b"somebody's")

    opened = await reopened().open()

    assert (opened, _content(output)) == (Failure(AnswersElsewhere()), b"somebody's")
    assert _names_beside(output) == [output.name]


@pytest.mark.parametrize("suffix", ["", ".omitted.csv"])
async def test_truncated_answers_are_not_continued(reopened: Opened, output: Path, suffix: str) -> None:
    await _one_batch(reopened)
    path = output.with_name(output.name + suffix)
    _fill(path, _content(path)[:-1])

    assert await reopened().open() == Failure(AnswersElsewhere())


async def test_a_malformed_state_is_refused(reopened: Opened, output: Path) -> None:
    _fill(output.with_name("tokens.csv.state"), b"my notes\n")

    assert await reopened().open() == Failure(AnswersElsewhere())


@pytest.mark.parametrize("lines_left", [0, 1])
async def test_a_state_that_lost_its_commits_refuses_answers_and_leaves_them_as_they_are(
    reopened: Opened, output: Path, lines_left: int
) -> None:
    await _one_batch(reopened)
    state = output.with_name("tokens.csv.state")
    _fill(state, b"".join(_content(state).splitlines(keepends=True)[:lines_left]))
    issued, left = _content(output), _content(state)

    opened = await reopened().open()

    assert (opened, _content(output), _content(state)) == (Failure(AnswersElsewhere()), issued, left)


@pytest.mark.parametrize("line", [b"", b"{}\n", b'{"batches"'], ids=["emptied", "of-nothing", "torn"])
async def test_a_state_that_was_overwritten_refuses_answers(
    reopened: Opened, output: Path, line: bytes
) -> None:
    await _one_batch(reopened)
    _fill(output.with_name("tokens.csv.state"), line)
    issued = _content(output)

    opened = await reopened().open()

    assert (opened, _content(output)) == (Failure(AnswersElsewhere()), issued)


async def test_a_state_that_lost_more_than_one_commit_refuses_the_answers(
    reopened: Opened, output: Path
) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    for identifier in (ONE, TWO, THREE):
        await ledger.record({identifier: TOKEN}, {})
    state = output.with_name("tokens.csv.state")
    _fill(state, b"".join(_content(state).splitlines(keepends=True)[:2]) + b'{"batches":1,')
    issued = _content(output)

    opened = await reopened().open()

    assert (opened, _content(output)) == (Failure(AnswersElsewhere()), issued)


@pytest.mark.parametrize("suffix", ["", ".omitted.csv", ".state"])
async def test_a_file_that_others_could_read_is_its_owners_alone_again(
    reopened: Opened, output: Path, suffix: str
) -> None:
    await _one_batch(reopened)
    path = output.with_name(output.name + suffix)
    _open_to_all(path)

    await reopened().open()

    assert _mode(path) == 0o600


@pytest.mark.parametrize("suffix", ["", ".omitted.csv", ".state"])
@pytest.mark.parametrize("exists", [True, False], ids=["a-file", "nothing"])
async def test_a_symbolic_link_is_not_followed(
    reopened: Opened, output: Path, tmp_path: Path, suffix: str, *, exists: bool
) -> None:
    await _one_batch(reopened)
    path = output.with_name(output.name + suffix)
    target = _linked_elsewhere(path, tmp_path / "elsewhere", exists=exists)
    before = target and _content(target)

    opened = await reopened().open()

    assert (opened, target and _content(target)) == (Failure(AnswersElsewhere()), before)
    assert exists or not _names_beside(output).count("elsewhere")


async def test_a_pipe_is_not_written_to(reopened: Opened, output: Path) -> None:
    os.mkfifo(output.with_name("tokens.csv.state"))

    assert await reopened().open() == Failure(AnswersElsewhere())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
async def test_a_file_of_another_user_is_refused(reopened: Opened, output: Path) -> None:
    await _one_batch(reopened)
    os.chown(output, 65534, 65534)

    assert await reopened().open() == Failure(AnswersElsewhere())


async def test_two_processes_do_not_write_the_same_answers(reopened: Opened, output: Path) -> None:
    ledger = reopened()
    await ledger.open()
    other = _ledger(output)

    opened = await other.open()
    other.close()

    assert opened == Failure(InUse())


async def test_each_run_has_an_id_of_its_own(tmp_path: Path) -> None:
    ids = set()
    for name in ("a.csv", "b.csv"):
        ledger = _ledger(tmp_path / name)
        match await ledger.open():
            case Success(Run(run_id, _)):
                ids.add(run_id)
        ledger.close()

    assert len(ids) == 2
