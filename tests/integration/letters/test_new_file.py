"""A file of letters is complete and private, or does not exist."""

import os
from pathlib import Path

import pytest

from adapters.letters.new_file import write_new_file


def test_the_owner_alone_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_new_file(tmp_path / "letters.pdf", b"letters")
    finally:
        os.umask(before)

    assert (tmp_path / "letters.pdf").read_bytes() == b"letters"
    assert (tmp_path / "letters.pdf").stat().st_mode & 0o777 == 0o600


def test_an_interrupted_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / "letters.pdf").mkdir()

    with pytest.raises(OSError, match="Is a directory"):
        write_new_file(tmp_path / "letters.pdf", b"letters")

    assert [path.name for path in tmp_path.iterdir()] == ["letters.pdf"]
