"""Files that appear when they are complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read. It appears when it is complete.

    Raises FileExistsError if there is a file of this name, also one that appears meanwhile.
    """
    with new_file(path) as unfinished:
        unfinished.write_bytes(content)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give an empty file that only its owner can read, to be filled. At the end, it appears as `path`.

    Raises FileExistsError if there is a file of this name, also one that appears meanwhile.
    """
    if os.path.lexists(path):
        raise FileExistsError
    # a temporary file is its owner's alone from the start
    descriptor, name = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(descriptor)
    unfinished = Path(name)
    try:
        yield unfinished
        _sync(unfinished)
        _appear(unfinished, path)
        _sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _appear(unfinished: Path, path: Path) -> None:
    """Give the file its name. Unlike a rename, this replaces no file that is there by now."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise
    except OSError:
        # the file system has no hard links: take the name first
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        unfinished.replace(path)


def _sync(path: Path) -> None:
    """Make a file, or the names in a directory, survive a power cut.

    Source: https://man7.org/linux/man-pages/man2/fsync.2.html
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
