"""Where the workers of one run keep what they count."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp


@contextmanager
def metrics_directory() -> Iterator[Path]:
    """Make a new directory, its owner's alone, and remove it at the end. Raises OSError.

    It is where temporary files go: TMPDIR, else /tmp.
    """
    directory = mkdtemp(prefix="invitations-metrics-")
    try:
        yield Path(directory)
    finally:
        rmtree(directory, ignore_errors=True)
