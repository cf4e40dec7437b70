"""A run writes to files of its own alone, which nobody else reads."""

import os
from pathlib import Path

import pytest
from returns.result import Failure

from application.ports.mailing import AnswersElsewhere
from tests.contracts.answer_repository_contract import (
    ONE,
    TOKEN,
    Opened,
)
from tests.integration.client.answer_files.ledger import (
    content,
    fill,
    names_beside,
    one_batch,
)


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


async def test_a_file_that_no_run_has_written_stays_as_it_is(reopened: Opened, output: Path) -> None:
    fill(output, b"somebody's")

    opened = await reopened().open()

    assert (opened, content(output)) == (Failure(AnswersElsewhere()), b"somebody's")
    assert names_beside(output) == [output.name]


@pytest.mark.parametrize("suffix", ["", ".omitted.csv", ".state"])
async def test_a_file_that_others_could_read_is_its_owners_alone_again(
    reopened: Opened, output: Path, suffix: str
) -> None:
    await one_batch(reopened)
    path = output.with_name(output.name + suffix)
    _open_to_all(path)

    await reopened().open()

    assert _mode(path) == 0o600


@pytest.mark.parametrize("suffix", ["", ".omitted.csv", ".state"])
@pytest.mark.parametrize("exists", [True, False], ids=["a-file", "nothing"])
async def test_a_symbolic_link_is_not_followed(
    reopened: Opened, output: Path, tmp_path: Path, suffix: str, *, exists: bool
) -> None:
    await one_batch(reopened)
    path = output.with_name(output.name + suffix)
    target = _linked_elsewhere(path, tmp_path / "elsewhere", exists=exists)
    before = target and content(target)

    opened = await reopened().open()

    assert (opened, target and content(target)) == (Failure(AnswersElsewhere()), before)
    assert exists or not names_beside(output).count("elsewhere")


async def test_a_pipe_is_not_written_to(reopened: Opened, output: Path) -> None:
    os.mkfifo(output.with_name("tokens.csv.state"))

    assert await reopened().open() == Failure(AnswersElsewhere())


async def test_a_file_of_another_user_is_refused(reopened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    await one_batch(reopened)
    # root alone can give a file away, but every user can be taken for another one
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    assert await reopened().open() == Failure(AnswersElsewhere())


@pytest.mark.parametrize("suffix", ["", ".omitted.csv", ".state"])
async def test_a_run_whose_file_was_removed_records_nothing_more(
    reopened: Opened, output: Path, suffix: str
) -> None:
    ledger = reopened()
    await ledger.open()
    await ledger.bind("list")
    removed = output.with_name(output.name + suffix)
    removed.unlink()

    with pytest.raises(FileNotFoundError) as problem:
        await ledger.record({ONE: TOKEN}, {})

    assert problem.value.filename == str(removed)
