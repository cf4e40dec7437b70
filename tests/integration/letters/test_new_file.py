"""A file of letters is complete and private, or does not exist."""

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.letters.new_file import new_file, write_new_file


def test_the_owner_alone_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_new_file(tmp_path / "letters.pdf", b"letters")
    finally:
        os.umask(before)

    assert (tmp_path / "letters.pdf").read_bytes() == b"letters"
    assert (tmp_path / "letters.pdf").stat().st_mode & 0o777 == 0o600


def test_a_file_that_exists_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters.pdf").write_bytes(b"of somebody else")

    with pytest.raises(FileExistsError):
        write_new_file(tmp_path / "letters.pdf", b"letters")

    assert _content(tmp_path) == {"letters.pdf": b"of somebody else"}


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        _write_while_another_appears(tmp_path / "letters.pdf")

    assert _content(tmp_path) == {"letters.pdf": b"of somebody else"}


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "letters.pdf").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FileExistsError):
        write_new_file(tmp_path / "letters.pdf", b"letters")

    assert not (tmp_path / "elsewhere").exists()


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    with new_file(tmp_path / "letters.pdf") as unfinished:
        unfinished.write_bytes(b"letters")
        appeared = (tmp_path / "letters.pdf").exists()

    assert not appeared
    assert _content(tmp_path) == {"letters.pdf": b"letters"}


def test_an_interrupted_file_is_removed(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), new_file(tmp_path / "letters.pdf") as unfinished:
        unfinished.write_bytes(b"let")
        raise KeyboardInterrupt

    assert _content(tmp_path) == {}


class TestWithoutHardLinks:
    """Some file systems, such as that of a memory stick, have none."""

    @pytest.fixture(autouse=True)
    def _no_hard_links(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_arguments: object, **_options: object) -> None:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refuse)

    def test_a_file_is_written(self, tmp_path: Path) -> None:
        write_new_file(tmp_path / "letters.pdf", b"letters")

        assert _content(tmp_path) == {"letters.pdf": b"letters"}

    def test_a_file_that_appears_meanwhile_is_not_replaced(self, tmp_path: Path) -> None:
        with pytest.raises(FileExistsError):
            _write_while_another_appears(tmp_path / "letters.pdf")

        assert _content(tmp_path) == {"letters.pdf": b"of somebody else"}


def _write_while_another_appears(path: Path) -> None:
    with new_file(path) as unfinished:
        unfinished.write_bytes(b"letters")
        path.write_bytes(b"of somebody else")


def _content(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}
